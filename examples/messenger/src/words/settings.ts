import type { BackupStatus } from "@xmtp-backup/core";
import { whenText } from "./times.ts";

export const settingsTexts = {
  when: "When to back up",
  whenBody:
    "A backup holds all your messages, and the people whom you allowed to write to you. After a missed time, it runs when the app is open again.",
  frequency: "How often",
  at: "At",
  weekday: "On",
  activity: "Sooner, when there is much new",
  keep: "Backups to keep",
  keepBody:
    "After each backup, the app deletes the backups that no rule keeps. A backup with a pin or a name stays, and so does the newest that was checked.",
  preview: "Effect on your backups",
  previewEmpty: "Once there are backups, this shows which would stay, and why.",
  save: "Save",
  unsaved: "Not saved yet.",
} as const;

/** What is so once the settings are saved. */
export function savedText({ nextRun }: BackupStatus, nowMs: number): string {
  return nextRun?.atMs === undefined
    ? "Saved. No backup runs automatically."
    : `Saved. The next backup is ${whenText(nextRun.atMs, nowMs)}.`;
}

export const placeTexts = {
  title: "Where they are kept",
  body: "In this browser’s own storage on this device. Each is encrypted with a key that only you can open: on this device, or by one of your ways in.",
} as const;

export const phraseTexts = {
  title: "Recovery phrase",
  body: "24 words that open your backups on a new device. Anybody who has them can read your backups. Without them, nobody can.",
  replaceBody: "Once you have written new ones down, the old ones open nothing any more.",
  show: "Make a recovery phrase",
  replace: "Replace the recovery phrase",
  hide: "Hide",
  words: "The words, in their order",
  confirm: "I have written it down",
  confirmed: "Noted. Keep that note in a safe place, away from this device.",
} as const;

export const deviceTexts = {
  title: "This device",
  body: "See for yourself that a backup is worth it: lose this device, and sign in again.",
  lose: "Lose this device",
  startOver: "Start over",
} as const;

export const loseQuestion = {
  title: "Lose this device?",
  body: "Your messages and the archive key are removed from this browser, as with a phone that fell into the water. Your account and your backups stay.",
  confirm: "Lose it",
  cancel: "Keep it",
} as const;

export const startOverQuestion = {
  title: "Start over?",
  body: "Everything is removed: your account, your messages and all your backups. This can’t be undone.",
  confirm: "Remove everything",
  cancel: "Cancel",
} as const;
