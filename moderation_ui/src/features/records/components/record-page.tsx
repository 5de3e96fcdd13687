import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { Panel } from "@/components/panel";
import { sentence } from "@/lib/api-client";
import { usePageTitle } from "@/lib/page-title";
import { recordQuery } from "../api/get-record";
import { ChronologyList } from "./chronology-list";
import { ConcernCard, type ConcernParts } from "./concern-card";
import { ConcernForm } from "./concern-form";
import { RecordHead } from "./record-head";
import styles from "./record-page.module.css";

type Props = { studentId: string } & Pick<ConcernParts, "referrals" | "referralForm">;

/** Everything about one student: the concerns with what is being done, and one chronology. */
export function RecordPage({ studentId, referrals, referralForm }: Props) {
  usePageTitle("Safeguarding record");
  const client = useQueryClient();
  const [isWriting, setWriting] = useState(false);
  const found = useQuery(recordQuery(studentId));
  const changed = () => client.invalidateQueries({ queryKey: ["record", studentId] });
  if (found.isPending) return <p>Opening the record…</p>;
  if (found.isError) return <Banner tone="danger">{sentence(found.error)}</Banner>;
  const record = found.data;
  const concerns = [...record.concerns].sort(
    (a, b) => Number(a.state === "closed") - Number(b.state === "closed") || b.occurred_at.localeCompare(a.occurred_at),
  );
  return (
    <div className={styles.page}>
      <p>
        <Link to="/students">All students</Link>
      </p>
      <RecordHead record={record}>
        <ActionButton tone="primary" onPress={() => setWriting(true)}>
          Write a concern…
        </ActionButton>
      </RecordHead>
      <div className={styles.columns}>
        <section className={styles.concerns} aria-labelledby="concerns-title">
          <h2 id="concerns-title">Concerns</h2>
          {concerns.length === 0 && <p className={styles.soft}>No concern has been recorded.</p>}
          {concerns.map((concern) => (
            <ConcernCard key={concern.id} concern={concern} onChanged={changed} referrals={referrals} referralForm={referralForm} />
          ))}
        </section>
        <Panel title="Chronology">
          <ChronologyList entries={record.chronology} />
        </Panel>
      </div>
      {isWriting && <ConcernForm studentId={studentId} onSaved={changed} onClose={() => setWriting(false)} />}
    </div>
  );
}
