import type { KeyRingState, PassphraseStrength, Slot } from "@xmtp-backup/keys";
import type { TypedSecret } from "../page/recovery.ts";
import { hasWayIn } from "./waysIn.ts";

type TypedKind = TypedSecret["kind"];

export function isTyped(kind: Slot["kind"]): kind is TypedKind {
  return kind === "recoveryPhrase" || kind === "passphrase";
}

/** What can be typed to open the backups; the recovery phrase where nothing else is known. */
export function typedKinds(ways: KeyRingState): [TypedKind, ...TypedKind[]] {
  if (!hasWayIn(ways, "passphrase")) return ["recoveryPhrase"];
  return hasWayIn(ways, "recoveryPhrase") ? ["recoveryPhrase", "passphrase"] : ["passphrase"];
}

/** How each secret is asked for. */
export const secretTexts = {
  recoveryPhrase: {
    choice: "My recovery phrase",
    label: "Recovery phrase",
    hint: "Enter the 24 words that you wrote down. They stay on this device.",
  },
  passphrase: { choice: "My passphrase", label: "Passphrase", hint: "Enter it as you chose it. It stays on this device." },
} as const satisfies Record<TypedKind, { choice: string; label: string; hint: string }>;

/** Opening the backups on this device, where they are not or only in part. */
export const openTexts = {
  title: "Open them here",
  choice: "Open with",
  submit: "Unlock",
  busy: "Unlocking …",
} as const;

/** The trial: a secret is entered as on a new device. */
export const tryTexts = {
  title: "Try it",
  submit: "Try it",
  busy: "Trying …",
  right: "It is right: this opens your backups on a new device.",
  close: "Close",
} as const;

export const passphraseTexts = {
  title: "Passphrase",
  body: "A sentence that only you know opens your backups too. Five or more random words are best.",
  replaceBody: "Once you add a new one, the old one opens nothing any more.",
  label: "New passphrase",
  hint: "It is shown while you type. Nobody can tell it to you again.",
  strength: "How hard it is to guess",
  insist: "Use it all the same",
  add: "Add the passphrase",
  replace: "Replace the passphrase",
  busy: "Adding …",
  added: "Added. Keep it in mind, or in a safe place away from this device.",
} as const;

const strengthTexts = ["Very easy to guess", "Easy to guess", "Not hard to guess", "Almost hard enough", "Hard to guess"] as const;

/** How hard a passphrase is to guess, in words and from 0 to 4. Only one that is taken as it is has the whole measure. */
export function strengthText({ score, isStrong }: PassphraseStrength): { level: number; text: string } {
  const level = isStrong ? 4 : Math.min(score, 3);
  return { level, text: strengthTexts[level] ?? "" };
}
