/** What a stage counts. */
export type ProgressUnit = "bytes" | "messages" | "slices";

/** How far a stage is: counted where the total is known, honest where it is not. */
export type Progress = { kind: "determinate"; done: number; total: number; unit: ProgressUnit } | { kind: "indeterminate" };

export const indeterminate: Progress = Object.freeze({ kind: "indeterminate" });

/** A counted progress; `done` never passes `total`. */
export function determinate(done: number, total: number, unit: ProgressUnit): Progress {
  return { kind: "determinate", done: Math.min(done, total), total, unit };
}
