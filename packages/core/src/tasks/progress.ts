/** What a stage counts. */
export type ProgressUnit = "bytes" | "messages" | "slices";

/** How far a stage is: counted where the total is known, honest where it is not. */
export type Progress =
  | {
      kind: "determinate";
      done: number;
      total: number;
      unit: ProgressUnit;
      /** About how long the rest of the stage takes, in milliseconds, at its pace so far. @default not known yet */
      remainingMs?: number;
    }
  | { kind: "indeterminate" };

export const indeterminate: Progress = Object.freeze({ kind: "indeterminate" });

/** A counted progress; `done` never passes `total`. */
export function determinate(done: number, total: number, unit: ProgressUnit): Progress {
  return { kind: "determinate", done: Math.min(done, total), total, unit };
}
