import { hasWayIn, placeTexts } from "@xmtp-backup/example-messenger/words";
import { AddPassphrase } from "./AddPassphrase.tsx";
import { DeviceSection } from "./DeviceSection.tsx";
import { NewKey } from "./NewKey.tsx";
import { PolicySettings } from "./PolicySettings.tsx";
import { RecoveryPhrase } from "./RecoveryPhrase.tsx";
import { useWaysIn } from "./useWaysIn.ts";
import { WaysIn } from "./WaysIn.tsx";

export function SettingsScreen() {
  const { ways, error, reload } = useWaysIn();
  return (
    <div className="page">
      <PolicySettings />
      <section className="card" aria-labelledby="place-title">
        <h2 id="place-title">{placeTexts.title}</h2>
        <p>{placeTexts.body}</p>
      </section>
      <WaysIn ways={ways} error={error} onChanged={reload} />
      <RecoveryPhrase hasOne={hasWayIn(ways, "recoveryPhrase")} onKept={reload} />
      <AddPassphrase hasOne={hasWayIn(ways, "passphrase")} onKept={reload} />
      <NewKey />
      <DeviceSection />
    </div>
  );
}
