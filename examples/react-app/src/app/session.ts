import type { Messenger, OpenSession } from "@xmtp-backup/example-messenger";
import { createContext, useContext } from "react";

/** The messenger, and the session that is open. */
export type SignedIn = { messenger: Messenger; session: OpenSession };

export const SessionContext = createContext<SignedIn | undefined>(undefined);

/** What the screens below the open session work with. */
export function useSignedIn(): SignedIn {
  const signedIn = useContext(SessionContext);
  if (!signedIn) throw new Error("Nobody is signed in.");
  return signedIn;
}
