import { DialogBox } from "@/components/dialog-box";
import { SignInForm } from "./sign-in-form";

/** Hides the page when the session ends under it. What was typed stays underneath and comes back with the same person. */
export function SessionEnded({ isOpen, name }: { isOpen: boolean; name: string }) {
  return (
    <DialogBox title="Your session has ended" isOpen={isOpen} onClose={() => undefined} isSolid>
      <p>Sign in again as {name} to carry on. What you had typed is kept.</p>
      <SignInForm />
    </DialogBox>
  );
}
