import type { KeyRingState, KeyRingWarning, Slot, SlotKind } from "@xmtp-backup/keys";
import { whenText } from "./times.ts";

const kindTexts: Record<SlotKind, string> = { recoveryPhrase: "Recovery phrase", passphrase: "Passphrase", passkey: "Passkey", custom: "Account recovery" };

/** One way in which the backups can be opened, in two lines. */
export function wayInText({ kind, name, createdAtMs }: Slot, nowMs: number): { title: string; facts: string } {
  return { title: name ?? kindTexts[kind], facts: `Made ${whenText(createdAtMs, nowMs)}` };
}

/** What could be lost, and what a person can do about it. */
const warningTexts: Record<KeyRingWarning["kind"], { text: string; wayOut: string }> = {
  noSlot: { text: "Nothing but this device opens your backups.", wayOut: "Add a recovery phrase now. If this device is lost first, nobody can read them again." },
  oneSlot: { text: "There is only one way in.", wayOut: "Add a second one, so that losing one is no loss." },
  deviceBehind: { text: "The key was changed on another device.", wayOut: "Open them here once, and this device reads the newer backups too." },
  ringBehind: { text: "Backups of this device can’t be opened elsewhere yet.", wayOut: "Open them here once, and they can." },
  copies: { text: "These were changed on two devices at once.", wayOut: "Look whether every one is listed, and add again what is missing." },
};

/** A warning of a key ring, for the people who use the app. */
export type WayInWarning = { kind: KeyRingWarning["kind"]; isUrgent: boolean; text: string; wayOut: string };

/** The warnings of a key ring; one is urgent while the loss of this device is the loss of everything. */
export function wayInWarnings({ warnings }: KeyRingState): WayInWarning[] {
  return warnings.map(({ kind }) => ({ kind, isUrgent: kind === "noSlot", ...warningTexts[kind] }));
}

export function hasWayIn(ways: KeyRingState | undefined, kind: SlotKind): boolean {
  return ways?.slots.some((slot) => slot.kind === kind) ?? false;
}

/** Whether a secret should be entered on this device: it lacks keys that the ways in open, or they lack one of its keys. */
export function isEntryDue({ slots, isOpen, warnings }: KeyRingState): boolean {
  return slots.length > 0 && (!isOpen || warnings.some(({ kind }) => kind === "ringBehind"));
}

export const waysInTexts = {
  title: "Ways in",
  body: "Each of these opens your backups on a new device, by itself.",
  list: "Ways to open your backups",
  none: "None yet.",
  loading: "Looking …",
  tryOut: "Try it",
  remove: "Remove",
} as const;

/** The question before a way in is removed. */
export function removeWayQuestion(title: string, isOnly: boolean) {
  const body = isOnly
    ? "It is the only way in. While there are backups it stays, since nothing else would open them on a new device."
    : "It no longer opens your backups then. The other ways in stay.";
  return { title: `Remove “${title}”?`, body, confirm: "Remove", cancel: "Keep it" };
}
