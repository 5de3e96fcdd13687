import { Link } from "@tanstack/react-router";
import { Panel } from "@/components/panel";

export function MissingPage() {
  return (
    <Panel title="There is no such page" isPage>
      <p>
        <Link to="/">Go to your first page</Link>
      </p>
    </Panel>
  );
}
