import { countText, numberText } from "./counts.ts";
import type { ProgressText } from "./progress.ts";

export const newKeyTexts = {
  title: "New key",
  body: "Does somebody know one of your ways in? Remove or replace it above, then make a new key. Later backups are closed to them, and your other ways open those too.",
  make: "Make a new key",
  making: "Making …",
  again: "Encrypt older backups again",
  encrypting: "Encrypting …",
} as const;

/** How the backups stand once there is a new key: how many were made before it, and how many of those have the old one still. */
export function newKeyText(before: number, left: number): string {
  if (left > 0) return `${countText(left, "older backup has", "older backups have")} the old key still.`;
  return before > 0
    ? "All your backups have the new key. A copy that somebody took earlier opens with the old one."
    : "Made. All backups from now on have it.";
}

/** How far the new encryption of older backups is. */
export function newKeyProgress(before: number, left: number): ProgressText {
  const done = before - left;
  return { label: "Encrypting your backups again", amount: `${numberText(done)} of ${countText(before, "backup")}`, part: done / before };
}
