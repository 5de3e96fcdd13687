import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { TextArea } from "@/components/field";
import { Moment } from "@/components/moment-text";
import { Panel } from "@/components/panel";
import { sentence } from "@/lib/api-client";
import type { AlertPage } from "@/lib/api-types";
import { acknowledgeAlert } from "../api/acknowledge-alert";
import { closeAlert } from "../api/close-alert";
import { recordAlert } from "../api/record-alert";
import styles from "./alert-page.module.css";
import { isOpen } from "./alert-words";

interface Props {
  alert: AlertPage;
  studentPicker: (onPick: (studentId: string) => void) => ReactNode;
}

/** What the DSL can do with this alert now: say "I have it", take it into the record, or end it with a reason. */
export function AlertAnswer({ alert, studentPicker }: Props) {
  const [form, setForm] = useState<"record" | "close" | null>(null);
  const done = useAfterAnswer(alert.alert_id);
  const acknowledge = useMutation({ mutationFn: () => acknowledgeAlert(alert.alert_id), onSettled: done });
  return (
    <Panel title="Your answer">
      <div className={styles.form}>
        {acknowledge.isError && <Banner tone="danger">{sentence(acknowledge.error)}</Banner>}
        <WhereItStands alert={alert} />
        {isOpen(alert) && !form && (
          <div className={styles.buttons}>
            {!alert.acknowledged_at && (
              <ActionButton tone="primary" isDisabled={acknowledge.isPending} onPress={() => acknowledge.mutate()}>
                {acknowledge.isPending ? "Acknowledging…" : "Acknowledge: I have it"}
              </ActionButton>
            )}
            <ActionButton tone={alert.acknowledged_at ? "primary" : "plain"} onPress={() => setForm("record")}>
              Take into record…
            </ActionButton>
            <ActionButton onPress={() => setForm("close")}>No further action…</ActionButton>
          </div>
        )}
        {form === "record" && <RecordForm alert={alert} studentPicker={studentPicker} onCancel={() => setForm(null)} />}
        {form === "close" && isOpen(alert) && <CloseForm alert={alert} onCancel={() => setForm(null)} />}
      </div>
    </Panel>
  );
}

function useAfterAnswer(alertId: string) {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ["alert", alertId] }),
      client.invalidateQueries({ queryKey: ["alerts"] }),
    ]);
  };
}

function WhereItStands({ alert }: { alert: AlertPage }) {
  return (
    <>
      {alert.acknowledged_at && (
        <p>
          Acknowledged by {alert.acknowledged_by_name ?? "a colleague"}, <Moment at={alert.acknowledged_at} />.
        </p>
      )}
      {alert.state === "recorded" && alert.student && (
        <p>
          <Link to="/students/$studentId" params={{ studentId: alert.student.id }}>
            Open the safeguarding record
          </Link>
        </p>
      )}
      {alert.state === "no_further_action" && (
        <p>Ended with no further action{alert.closed_reason ? `: ${alert.closed_reason}` : "."}</p>
      )}
    </>
  );
}

function RecordForm({ alert, studentPicker, onCancel }: Props & { onCancel: () => void }) {
  const navigate = useNavigate();
  const done = useAfterAnswer(alert.alert_id);
  const [summary, setSummary] = useState("");
  const [studentId, setStudentId] = useState(alert.student?.id ?? "");
  const [wanted, setWanted] = useState(false);
  const take = useMutation({
    mutationFn: () =>
      recordAlert(alert.alert_id, { summary: summary.trim(), ...(alert.student ? {} : { student_id: studentId }) }),
    onSuccess: async (made) => {
      await done();
      await navigate({ to: "/students/$studentId", params: { studentId: made.student_id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWanted(true);
    if (summary.trim() !== "" && studentId !== "" && !take.isPending) take.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Take into record">
      {!alert.student && studentPicker(setStudentId)}
      {!alert.student && wanted && studentId === "" && <Banner tone="danger">Choose the student first.</Banner>}
      <TextArea
        label="Summary for the record"
        help="What happened, in your words. What was typed and the moderator’s message stay linked to it."
        autoFocus
        value={summary}
        error={wanted && summary.trim() === "" ? "Write a summary." : null}
        onChange={(event) => setSummary(event.target.value)}
      />
      {take.isError && <Banner tone="danger">{sentence(take.error)}</Banner>}
      <ActionButton tone="primary" type="submit" isDisabled={take.isPending}>
        Take into record
      </ActionButton>
      <ActionButton onPress={onCancel}>Cancel</ActionButton>
    </form>
  );
}

function CloseForm({ alert, onCancel }: { alert: AlertPage; onCancel: () => void }) {
  const done = useAfterAnswer(alert.alert_id);
  const [reason, setReason] = useState("");
  const [wanted, setWanted] = useState(false);
  const close = useMutation({
    mutationFn: () => closeAlert(alert.alert_id, reason.trim()),
    onSuccess: async () => {
      await done();
      onCancel();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWanted(true);
    if (reason.trim() !== "" && !close.isPending) close.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="No further action">
      <TextArea
        label="Reason"
        help="Why nothing more is needed. It is kept with the alert."
        autoFocus
        value={reason}
        error={wanted && reason.trim() === "" ? "Write a reason." : null}
        onChange={(event) => setReason(event.target.value)}
      />
      {close.isError && <Banner tone="danger">{sentence(close.error)}</Banner>}
      <ActionButton tone="danger" type="submit" isDisabled={close.isPending}>
        End with no further action
      </ActionButton>
      <ActionButton onPress={onCancel}>Cancel</ActionButton>
    </form>
  );
}
