import { useEffect } from "react";

/** Names the tab. Never with a name or a passage in it. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Lantern`;
  }, [title]);
}
