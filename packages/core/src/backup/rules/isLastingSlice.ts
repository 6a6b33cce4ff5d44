import type { ArchiveReport } from "@xmtp-backup/archive";
import type { MessageRange } from "../../ports/host.ts";

/** Messages of the last hour before an export may still be on their way. */
const settledAfterNs = 60n * 60n * 1_000_000_000n;

/**
 * Whether what the client holds in a range hardly changes any more after an export of it, so that the counts tell. It has an end that lies
 * an hour before the export, and every message in it was sent.
 */
export function isLastingSlice({ endNs }: MessageRange, { exportedAtMs, unsent }: { exportedAtMs: number; unsent: number }): boolean {
  return endNs !== undefined && endNs <= BigInt(exportedAtMs) * 1_000_000n - settledAfterNs && unsent === 0;
}

/** How many messages of an archive were not sent. */
export function unsentIn({ conversations, orphans }: Pick<ArchiveReport, "conversations" | "orphans">): number {
  return [...conversations, ...orphans].reduce((sum, { unsent = 0 }) => sum + unsent, 0);
}
