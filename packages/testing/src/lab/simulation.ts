import type { ArchiveEntry, ArchiveId, AutomaticTrigger, DueReason, Health, Reminder, RetentionReason } from "@xmtp-backup/core";

/** When something happened: on the device's clock, in milliseconds since 1970, and on which day of the scenario. */
export type SimulatedMoment = { atMs: number; day: number };

/** What a policy made of a scenario. */
export type Simulation = {
  backups: (SimulatedMoment & { id: ArchiveId; trigger: AutomaticTrigger; due: DueReason })[];
  failures: (SimulatedMoment & { code: string; trigger: AutomaticTrigger })[];
  /** Each time that the user had to be asked because only they could help. */
  asks: (SimulatedMoment & { code?: string })[];
  prompts: (SimulatedMoment & { reminder: Reminder })[];
  removals: (SimulatedMoment & { id: ArchiveId; reasons: readonly RetentionReason[] })[];
  /** Archives that were read back. */
  verifications: (SimulatedMoment & { id: ArchiveId })[];
  /** What is left in the end, newest first. */
  archives: ArchiveEntry[];
  /** How it all looks in the end. */
  health: Health;
  /** How often the policy was asked. */
  decisions: number;
};

/** An archive as a simulated backup leaves it: made, read back and verified at the same moment. */
export function simulatedArchive(number: number, createdAtMs: number, inboxId: string): ArchiveEntry {
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
