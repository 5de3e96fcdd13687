import { useParams } from "@tanstack/react-router";
import { ReferralForm } from "@/features/escalations/components/referral-form";
import { Referrals } from "@/features/escalations/components/referrals";
import { RecordPage } from "@/features/records/components/record-page";

/** A student's record, with the referrals that escalations own. */
export function RecordRoute() {
  const { studentId } = useParams({ strict: false });
  return (
    <RecordPage
      key={studentId}
      studentId={studentId ?? ""}
      referrals={(concern, onChanged) => <Referrals referrals={concern.referrals} onChanged={onChanged} />}
      referralForm={(concern, onSaved, onClose) => <ReferralForm concernId={concern.id} onSaved={onSaved} onClose={onClose} />}
    />
  );
}
