import type { Messenger, OpenSession } from "@xmtp-backup/example-messenger";
import { inject, type InjectionKey } from "vue";

/** The messenger, and the session that is open. */
export type SignedIn = { messenger: Messenger; session: OpenSession };

export const signedInKey: InjectionKey<SignedIn> = Symbol("signed in");

/** What the screens below the open session work with. */
export function useSignedIn(): SignedIn {
  const signedIn = inject(signedInKey, undefined);
  if (!signedIn) throw new Error("Nobody is signed in.");
  return signedIn;
}
