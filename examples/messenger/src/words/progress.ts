import { type BackupStage, describeRemaining, type Progress, type RestoreStage } from "@xmtp-backup/core";
import { bytesText } from "./bytes.ts";
import { numberText } from "./counts.ts";

/** Running work as a screen shows it. */
export type ProgressText = {
  /** What it is doing. */
  label: string;
  /** How far it is with that, where it can be counted, and how long the rest takes, where that is known. */
  amount: string;
  /** How far all of it is, from 0 to 1; never falls. */
  part: number;
};

const backupStages = {
  preparing: "Getting ready",
  exporting: "Collecting your messages",
  merging: "Putting them together",
  verifying: "Checking every message",
  storing: "Saving the backup",
  confirming: "Reading it back",
  listing: "Adding it to the list",
  pruning: "Removing old backups",
  cleaning: "Tidying up",
} as const satisfies Record<BackupStage, string>;

const restoreStages = {
  preparing: "Getting ready",
  fetching: "Fetching the backup",
  verifying: "Checking every message",
  importing: "Bringing your messages back",
  checking: "Making sure that all of them arrived",
  cleaning: "Tidying up",
} as const satisfies Record<RestoreStage, string>;

/** How far a backup is. */
export function backupProgress(stage: BackupStage, progress: Progress): ProgressText {
  return { label: backupStages[stage], ...measure(Object.keys(backupStages), stage, progress) };
}

/** How far a restore is. */
export function restoreProgress(stage: RestoreStage, progress: Progress): ProgressText {
  return { label: restoreStages[stage], ...measure(Object.keys(restoreStages), stage, progress) };
}

function measure(stages: readonly string[], stage: string, progress: Progress): Pick<ProgressText, "amount" | "part"> {
  const index = stages.indexOf(stage);
  const step = `Step ${index + 1} of ${stages.length}`;
  if (progress.kind === "indeterminate" || progress.total === 0) return { amount: step, part: index / stages.length };
  const remaining = describeRemaining(progress);
  return {
    amount: amountText(progress, step) + (remaining === undefined ? "" : `, ${remaining}`),
    part: (index + progress.done / progress.total) / stages.length,
  };
}

function amountText({ done, total, unit }: Extract<Progress, { kind: "determinate" }>, step: string): string {
  if (unit === "slices") return step;
  return unit === "bytes" ? `${bytesText(done)} of ${bytesText(total)}` : `${numberText(done)} of ${numberText(total)} ${unit}`;
}
