import { placeTexts } from "@xmtp-backup/example-messenger/words";
import { DeviceSection } from "./DeviceSection.tsx";
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
      <WaysIn ways={ways} error={error} />
      <RecoveryPhrase onKept={reload} />
      <DeviceSection />
    </div>
  );
}
