import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { Moment } from "@/components/moment-text";
import { sentence } from "@/lib/api-client";
import { usePageTitle } from "@/lib/page-title";
import { acknowledgeByLink } from "../api/acknowledge-by-link";
import styles from "./acknowledge-page.module.css";

/** Where the link of a mail leads. Opening it does nothing; pressing does, so that no mail scanner can answer. */
export function AcknowledgePage({ token }: { token: string }) {
  usePageTitle("Acknowledge an alert");
  const client = useQueryClient();
  const acknowledge = useMutation({
    mutationFn: () => acknowledgeByLink(token),
    onSuccess: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
  return (
    <div className={styles.card}>
      {acknowledge.isSuccess ? (
        <>
          <h1>{acknowledge.data.is_mine ? "You have it" : "A colleague has it"}</h1>
          <Banner tone={acknowledge.data.is_mine ? "good" : "info"}>
            {acknowledge.data.is_mine
              ? "The alert is acknowledged in your name. Nobody else will be chased for it."
              : `${acknowledge.data.acknowledged_by_name ?? "A colleague"} acknowledged this alert before you.`}{" "}
            <Moment at={acknowledge.data.acknowledged_at} />
          </Banner>
          <p>
            <Link to="/alerts/$alertId" params={{ alertId: acknowledge.data.alert_id }}>
              Open the alert
            </Link>
          </p>
        </>
      ) : (
        <>
          <h1>An alert waits for you</h1>
          <p>
            Acknowledging says that you have it and will look. It tells your colleagues that they need not, and it is
            written down with your name and the time.
          </p>
          {acknowledge.isError && (
            <Banner tone="danger">
              <p>{sentence(acknowledge.error)}</p>
              <p>
                <Link to="/alerts">See your alerts</Link>
              </p>
            </Banner>
          )}
          <ActionButton tone="primary" isDisabled={acknowledge.isPending} onPress={() => acknowledge.mutate()}>
            I have it – acknowledge this alert
          </ActionButton>
        </>
      )}
    </div>
  );
}
