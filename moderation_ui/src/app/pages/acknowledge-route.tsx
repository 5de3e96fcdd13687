import { useParams } from "@tanstack/react-router";
import { AcknowledgePage } from "@/features/alerts/components/acknowledge-page";

export function AcknowledgeRoute() {
  const { token } = useParams({ strict: false });
  return <AcknowledgePage token={token ?? ""} />;
}
