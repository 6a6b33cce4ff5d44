import { countText, numberText } from "./counts.ts";
import type { ProgressText } from "./progress.ts";

export const newKeyTexts = {
  title: "New key",
  body: "For when somebody may know one of your ways in: remove or replace it above, then make a new key. Later backups are closed to them, and your other ways open those too.",
  make: "Make a new key",
  making: "Making …",
  anew: "Encrypt older backups anew",
  encrypting: "Encrypting …",
} as const;

/** How the backups stand once there is a new key: how many were made before it, and how many of those have the old one still. */
export function newKeyText(before: number, left: number): string {
  if (left > 0) return `${countText(left, "older backup has", "older backups have")} the old key still.`;
  return before > 0 ? "All your backups have the new key. A copy that somebody took earlier opens with the old one." : "Made. All backups from now on have it.";
}

/** How far encrypting backups anew is. */
export function anewProgress(before: number, left: number): ProgressText {
  const done = before - left;
  return { label: "Encrypting your backups anew", amount: `${numberText(done)} of ${countText(before, "backup")}`, part: done / before };
}
