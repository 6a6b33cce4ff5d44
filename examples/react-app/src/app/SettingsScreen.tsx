import { placeTexts } from "@xmtp-backup/example-messenger/words";
import { DeviceSection } from "./DeviceSection.tsx";
import { PolicySettings } from "./PolicySettings.tsx";
import { RecoveryPhrase } from "./RecoveryPhrase.tsx";

export function SettingsScreen() {
  return (
    <div className="page">
      <PolicySettings />
      <section className="card" aria-labelledby="place-title">
        <h2 id="place-title">{placeTexts.title}</h2>
        <p>{placeTexts.body}</p>
      </section>
      <RecoveryPhrase />
      <DeviceSection />
    </div>
  );
}
