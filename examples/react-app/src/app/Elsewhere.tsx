import { appName, elsewhereTexts } from "@xmtp-backup/example-messenger/words";
import { useEffect } from "react";
import { BackUpNow } from "./BackUpNow.tsx";
import { Health } from "./Health.tsx";
import { Icon } from "./Icon.tsx";

/** A tab beside the one that has the chats: the same backups, and no messages. */
export function Elsewhere() {
  useEffect(() => {
    document.title = appName;
  }, []);
  return (
    <main className="page elsewhere">
      <p className="brand">
        <Icon name="anchor" /> {appName}
      </p>
      <h1>{elsewhereTexts.title}</h1>
      <p>{elsewhereTexts.body}</p>
      <Health />
      <BackUpNow />
    </main>
  );
}
