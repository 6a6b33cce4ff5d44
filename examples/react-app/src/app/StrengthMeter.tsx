import { passphraseTexts, strengthText } from "@xmtp-backup/example-messenger/words";
import { usePassphraseStrength } from "./usePassphraseStrength.ts";

/** How hard a passphrase is to guess, shown while it is typed. */
export function StrengthMeter({ text }: { text: string }) {
  const strength = usePassphraseStrength(text);
  const { level, text: told } = strength ? strengthText(strength) : { level: 0, text: "" };
  return (
    <div className="strength" data-level={level}>
      <progress aria-label={passphraseTexts.strength} value={level} max={4} />
      <span role="status">{told}</span>
    </div>
  );
}
