import { deviceTexts, hashOf, loseQuestion, startOverQuestion } from "@xmtp-backup/example-messenger/words";
import { useState } from "react";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { useSignedIn } from "./session.ts";

/** Losing this device, and beginning the story again. */
export function DeviceSection() {
  const { messenger } = useSignedIn();
  const [asking, setAsking] = useState<"lose" | "startOver">();

  const leave = async (work: () => Promise<void>) => {
    await work();
    window.location.hash = hashOf({ screen: "chats" });
  };

  return (
    <section className="card" aria-labelledby="device-title">
      <h2 id="device-title">{deviceTexts.title}</h2>
      <p>{deviceTexts.body}</p>
      <div className="actions">
        <button type="button" className="button" onClick={() => setAsking("startOver")}>
          {deviceTexts.startOver}
        </button>
        <button type="button" className="button button-danger" onClick={() => setAsking("lose")}>
          {deviceTexts.lose}
        </button>
      </div>
      {asking === "lose" && (
        <ConfirmDialog
          question={loseQuestion}
          isDangerous
          onConfirm={() => leave(messenger.loseDevice)}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === "startOver" && (
        <ConfirmDialog
          question={startOverQuestion}
          isDangerous
          onConfirm={() => leave(messenger.startOver)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </section>
  );
}
