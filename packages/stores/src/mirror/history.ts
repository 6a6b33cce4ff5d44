import { maxVersions } from "./notes.ts";

/** The versions of something in the order in which they were written, as SHA-256. */
export type History = readonly string[];

/** A history with these versions at its end, in this order; one that comes back is the newest again. */
export function written(history: History, ...marks: readonly string[]): History {
  return [...history.filter((mark) => !marks.includes(mark)), ...new Set(marks)].slice(-maxVersions);
}

/** Whether this device or a proven note knows that one version took the place of the other. */
export function isSuperseded(history: History, older: string, newer: string): boolean {
  const index = history.indexOf(older);
  return index >= 0 && index < history.indexOf(newer);
}
