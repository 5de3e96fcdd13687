import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ActionButton } from "@/components/action-button";
import { Banner } from "@/components/banner";
import { TextInput } from "@/components/field";
import { ApiError, sentence } from "@/lib/api-client";
import { meQuery } from "../api/get-me";
import { signIn } from "../api/sign-in";
import styles from "./sign-in-form.module.css";

function explain(error: unknown): string {
  if (error instanceof ApiError && error.status === 401) {
    return "That email address and password do not match. Check both; capital letters matter in the password.";
  }
  return sentence(error);
}

/** Email and password; what is wrong is said in words, and never which of the two. */
export function SignInForm() {
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const attempt = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: async () => {
      await client.fetchQuery({ ...meQuery, staleTime: 0 });
      // What was refused while nobody was signed in is asked again.
      await client.invalidateQueries();
    },
    onError: () => setPassword(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!attempt.isPending) attempt.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {attempt.isError && <Banner tone="danger">{explain(attempt.error)}</Banner>}
      <TextInput
        label="Email address"
        type="email"
        name="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextInput
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ActionButton tone="primary" type="submit" isDisabled={attempt.isPending}>
        {attempt.isPending ? "Signing in…" : "Sign in"}
      </ActionButton>
    </form>
  );
}
