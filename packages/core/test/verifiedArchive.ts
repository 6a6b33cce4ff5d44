import type { ArchiveEntry } from "../src/archives/archiveEntry.ts";

/** An archive of everything as the policy leaves it: read back when it was made. */
export function verifiedArchive(number: number, createdAtMs: number, inboxId: string): ArchiveEntry {
  return {
    id: `00000000-0000-4000-8000-${`${number}`.padStart(12, "0")}`,
    createdAtMs,
    sizeBytes: 0,
    keyFingerprint: "0000000000000000",
    seal: "open",
    details: {
      inboxId,
      installationId: inboxId,
      elements: ["consent", "messages"],
      counts: { conversations: 0, messages: 0, consentRecords: 0 },
      conversations: [],
      sha256: "",
      records: 0,
      verifiedAtMs: createdAtMs,
      trigger: "schedule",
    },
  };
}
