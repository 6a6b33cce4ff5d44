import type { ArchiveDetails, ArchiveEntry } from "@xmtp-backup/core";
import { decodeDetails, encodeDetails } from "../../packages/core/src/archives/encodeDetails.ts";
import { hourMs } from "../../packages/core/src/time/wallTime.ts";

export const inboxId = "abababababababababababababababababababababababababababababababab";
export const installationId = "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd";

/** How far apart the archives were made. */
export const apartMs = 8 * hourMs;

/** What a store lists, newest first, up to `newestMs`: manifests as they are read, no two of which share an object or a text. */
export function listedArchives(count: number, newestMs: number): ArchiveEntry[] {
  return Array.from({ length: count }, (_, index) => toEntry(index, newestMs - index * apartMs));
}

/** As a schedule makes them, and now and then one that the user named or pinned. */
function toEntry(index: number, createdAtMs: number): ArchiveEntry {
  const details: ArchiveDetails = {
    ...(index % 70 === 0 && { name: "Before the update" }),
    inboxId,
    installationId,
    elements: ["consent", "messages"],
    counts: { conversations: 3, messages: 30, consentRecords: 3 },
    conversations: ["01", "02", "03"].map((id) => ({ id: id.repeat(16), messages: 10 })),
    firstMessageNs: 1_700_000_000_000_000_000n,
    lastMessageNs: 1_800_000_000_000_000_000n,
    sha256: "ef".repeat(32),
    records: 37,
    ...(index % 500 === 0 && { pinned: true }),
    verifiedAtMs: createdAtMs,
    trigger: index % 7 === 0 ? "manual" : "schedule",
    appVersion: "1.0.0",
  };
  const id = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
  return {
    id,
    createdAtMs,
    sizeBytes: 1_000_000,
    keyFingerprint: "0123456789abcdef",
    seal: "open",
    details: decodeDetails(encodeDetails(details)),
  };
}
