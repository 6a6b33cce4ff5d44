import type { KeyRingState, KeyRingWarning, Slot, SlotKind } from "@xmtp-backup/keys";
import { whenText } from "./times.ts";

const kindTexts: Record<Slot["kind"], string> = {
  recoveryPhrase: "Recovery phrase",
  passphrase: "Passphrase",
  passkey: "Passkey",
  custom: "Account recovery",
  newer: "Made by a newer version of the app",
};

/** One way in which the backups can be opened, in two lines. */
export function wayInText({ kind, name, createdAtMs }: Slot, nowMs: number): { title: string; facts: string } {
  return { title: name ?? kindTexts[kind], facts: `Made ${whenText(createdAtMs, nowMs)}` };
}

/** What could be lost, and what a person can do about it. */
const warningTexts: Record<KeyRingWarning["kind"], { text: string; wayOut: string }> = {
  noSlot: {
    text: "Nothing but this device opens your backups.",
    wayOut: "Add a recovery phrase now. If this device is lost first, nobody can read them again.",
  },
  oneSlot: { text: "There is only one way in.", wayOut: "Add a second one, so that losing one is no loss." },
  deviceBehind: {
    text: "The key was changed on another device.",
    wayOut: "Open them here once, and this device reads the newer backups too.",
  },
  ringBehind: { text: "Backups of this device can’t be opened elsewhere yet.", wayOut: "Open them here once, and they can." },
  ringGone: {
    text: "The ways in are gone from the place of your backups.",
    wayOut: "Put them back from this device. Nothing in them is lost.",
  },
  ringOlder: {
    text: "Older ways in lie beside your backups. One that you removed may be among them.",
    wayOut: "Put the newest ones back from this device. If a stranger can change your place for backups, make new ones instead.",
  },
  copies: {
    text: "These were changed on two devices at once, and both versions were kept.",
    wayOut:
      "Open your backups here once with the other version’s phrase or passphrase. Delete neither version until every backup can be read.",
  },
  newerSlot: { text: "One of these was made by a newer version of the app.", wayOut: "Update the app to use it. It is kept until then." },
  notNoted: {
    text: "This device could not note the newest ways in.",
    wayOut: "Make room on this device. After a restart it can’t tell older ones from them.",
  },
};

/** A warning of a key ring, for the people who use the app. */
export type WayInWarning = { kind: KeyRingWarning["kind"]; isUrgent: boolean; text: string; wayOut: string };

/** The warnings of a key ring. Urgent are those while the loss of this device loses everything, or a stranger may get newer keys. */
export function wayInWarnings({ warnings }: KeyRingState): WayInWarning[] {
  return warnings.map(({ kind }) => ({ kind, isUrgent: ["noSlot", "ringGone", "ringOlder"].includes(kind), ...warningTexts[kind] }));
}

export function hasWayIn(ways: KeyRingState | undefined, kind: SlotKind): boolean {
  return ways?.slots.some((slot) => slot.kind === kind) ?? false;
}

/** Whether a secret should be entered on this device: it lacks keys that the ways in open, or they lack one of its keys or those of a second version. */
export function isEntryDue({ slots, isOpen, warnings }: KeyRingState): boolean {
  return slots.length > 0 && (!isOpen || warnings.some(({ kind }) => kind === "ringBehind" || kind === "copies"));
}

/** Whether the newest ways in should be put back from this device. */
export function isPutBackDue({ warnings }: KeyRingState): boolean {
  return warnings.some(({ kind }) => kind === "ringGone" || kind === "ringOlder");
}

export const waysInTexts = {
  title: "Ways in",
  body: "Each of these alone opens your backups on a new device.",
  list: "Ways to open your backups",
  none: "None yet.",
  loading: "Looking …",
  tryOut: "Try it",
  remove: "Remove",
  putBack: "Put them back",
} as const;

/** The question before a way in is removed. */
export function removeWayQuestion(title: string, isOnly: boolean) {
  const body = isOnly
    ? "It is the only way in. While there are backups it stays, since nothing else would open them on a new device."
    : "It no longer opens your backups then. The other ways in stay.";
  return { title: `Remove “${title}”?`, body, confirm: "Remove", cancel: "Keep it" };
}
