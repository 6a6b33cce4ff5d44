import { type PassphraseStrength, passphraseStrength } from "@xmtp-backup/keys";
import { useEffect, useState } from "react";

/** How hard what is typed is to guess; undefined before anything is, and while the first lists are loaded. */
export function usePassphraseStrength(text: string): PassphraseStrength | undefined {
  const [strength, setStrength] = useState<PassphraseStrength>();
  useEffect(() => {
    let isCurrent = true;
    if (text.trim() === "") setStrength(undefined);
    else void passphraseStrength(text).then((judged) => isCurrent && setStrength(judged));
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return strength;
}
