import { useParams } from "@tanstack/react-router";
import { AlertPage } from "@/features/alerts/components/alert-page";
import { StudentPicker } from "@/features/records/components/student-search";

/** An alert, with the record's student search where the alert names nobody. */
export function AlertRoute() {
  const { alertId } = useParams({ strict: false });
  return <AlertPage key={alertId} alertId={alertId ?? ""} studentPicker={(onPick) => <StudentPicker onPick={onPick} />} />;
}
