import { type BackupState, type BackupStatus, describeHealth, describeNextRun } from "@xmtp-backup/core";
import { bytesText } from "./bytes.ts";
import { countText } from "./counts.ts";
import { errorText } from "./errors.ts";
import { capitalized } from "./plain.ts";
import { whenText } from "./times.ts";

/** How well the history is protected: a title and why. */
export function healthText({ health }: BackupStatus): { level: "ok" | "warning" | "failing"; title: string; text: string } {
  if (!health) return { level: "warning", title: "Looking at your backups", text: "This takes a moment." };
  return { level: health.level, ...describeHealth(health) };
}

/** When the last backup was, when the next is, and what is new since; each with its label. */
export function statusFacts(
  { lastSuccess, health, nextRun, messagesSince }: BackupStatus,
  nowMs: number,
): { label: string; value: string }[] {
  // What a device was restored from protects it, and was not made by it.
  const none = health?.level === "ok" ? "By an earlier device" : "None yet";
  return [
    { label: "Last backup", value: lastSuccess ? capitalized(whenText(lastSuccess.atMs, nowMs)) : none },
    { label: "Next backup", value: nextText(nextRun, nowMs) },
    { label: "New since then", value: countText(messagesSince ?? 0, "message") },
  ];
}

function nextText(nextRun: BackupStatus["nextRun"], nowMs: number): string {
  if (!nextRun) return "Not known yet";
  return nextRun.atMs === undefined ? describeNextRun(nextRun, { timeZone: "UTC" }).text : capitalized(whenText(nextRun.atMs, nowMs));
}

/** The few words of the status that every screen shows. */
export function statusChip(status: BackupStatus): { icon: "shield" | "clock" | "alert"; text: string } {
  if (status.running) return { icon: "clock", text: status.running === "backup" ? "Backing up" : "Restoring" };
  if (status.health?.level === "ok") return { icon: "shield", text: "Protected" };
  return { icon: "alert", text: status.health?.level === "failing" ? "Backups fail" : "Not backed up" };
}

/** Why backups fail, once that needs the user; undefined before. */
export function failureText({ health, lastFailure }: BackupStatus): string | undefined {
  if (health?.level !== "failing" || !lastFailure?.error) return undefined;
  const { title, advice } = errorText(lastFailure.error);
  return `${title} ${advice}`;
}

/** What an earlier visit left unfinished; undefined when nothing was. */
export function interruptedText({ interrupted }: BackupStatus): string | undefined {
  if (!interrupted) return undefined;
  if (interrupted.kind === "restore")
    return "A restore was interrupted when the app was closed. Everything that came back so far is here. Restore again to go on from there.";
  return "A backup was interrupted when the app was closed. It was cleaned up, and your earlier backups are unchanged.";
}

/** How a backup ended; undefined while it runs and before the first. */
export function backupOutcome(state: BackupState | undefined): { tone: "good" | "bad" | "plain"; text: string } | undefined {
  switch (state?.status) {
    case "succeeded": {
      const { details, sizeBytes } = state.output.entry;
      return { tone: "good", text: `Backed up ${countText(details?.counts.messages ?? 0, "message")} in ${bytesText(sizeBytes)}.` };
    }
    case "failed": {
      const { title, advice } = errorText(state.error);
      return { tone: "bad", text: `${title} ${advice}` };
    }
    case "cancelled":
      return { tone: "plain", text: "Cancelled. Your earlier backups are unchanged." };
    default:
      return undefined;
  }
}

export const backupTexts = {
  now: "Back up now",
  cancel: "Cancel",
  name: "Name",
  nameHint: "Optional. A backup with a name stays until you delete it.",
  ready: "Encrypted on this device before it is kept.",
  retry: "Try again",
} as const;
