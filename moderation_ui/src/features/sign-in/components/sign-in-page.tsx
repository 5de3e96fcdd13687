import { usePageTitle } from "@/lib/page-title";
import { SignInForm } from "./sign-in-form";
import styles from "./sign-in-page.module.css";

/** Shown in place of any page until somebody has signed in; the address stays, so nobody is sent round. */
export function SignInPage() {
  usePageTitle("Sign in");
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <img src="/lantern.svg" alt="" width="36" height="36" />
          <h1>Sign in to Lantern</h1>
        </div>
        <p className={styles.small}>
          Digital safeguarding for your trust, run by your monitoring provider. For moderators, safeguarding leads and
          trust officers.
        </p>
        <SignInForm />
        <p className={styles.small}>
          What you open here is written down. Forgotten your password? Ask your trust’s safeguarding officer or your team
          lead; nobody will ask you for it.
        </p>
      </div>
    </main>
  );
}
