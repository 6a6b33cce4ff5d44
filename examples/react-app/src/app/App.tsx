import type { Messenger } from "@xmtp-backup/example-messenger";
import { BackupsProvider } from "@xmtp-backup/react";
import { useMemo } from "react";
import { Elsewhere } from "./Elsewhere.tsx";
import { Home } from "./Home.tsx";
import { SessionContext } from "./session.ts";
import { useObservable } from "./useObservable.ts";
import { Welcome } from "./Welcome.tsx";

const opening = { status: "opening" } as const;

export function App({ messenger }: { messenger: Messenger }) {
  const state = useObservable(messenger.session$, opening);
  const session = state.status === "open" ? state.session : undefined;
  const signedIn = useMemo(() => session && { messenger, session }, [messenger, session]);
  if (state.status === "elsewhere") {
    return (
      <BackupsProvider backups={state.backups}>
        <Elsewhere />
      </BackupsProvider>
    );
  }
  if (state.status !== "open") return <Welcome messenger={messenger} state={state} />;
  return (
    <SessionContext value={signedIn}>
      <BackupsProvider backups={state.session.backups}>
        <Home />
      </BackupsProvider>
    </SessionContext>
  );
}
