import { BackupError } from "./backupError.ts";
import { nearest } from "./nearest.ts";

/** The options of a call that only waits, and of one that moves bytes. */
export const callOptionNames = ["signal"] as const;
export const transferOptionNames = ["signal", "onProgress"] as const;

/** The refusal of something that was passed. */
export function invalid(shortMessage: string, details?: string): BackupError {
  return new BackupError("OPTIONS_INVALID", shortMessage, details === undefined ? {} : { details });
}

/** Whether something is an object that only carries properties: no list, no promise, no file. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** @throws OPTIONS_INVALID when something is no text, or empty */
export function assertText(what: string, value: unknown): asserts value is string {
  if (typeof value !== "string" || value === "") throw invalid(`${what} is text.`);
}

/** @throws OPTIONS_INVALID when something is no time in milliseconds since 1970 */
export function assertTimeMs(what: string, value: unknown): asserts value is number {
  if (!Number.isFinite(value)) throw invalid(`${what} is a number of milliseconds since 1970.`);
}

/** @throws OPTIONS_INVALID when something is no list of texts */
export function assertTexts(what: string, value: unknown): asserts value is readonly string[] {
  if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) throw invalid(`${what} is a list of texts.`);
}

/**
 * Refuses what is no object of options, and options that do not exist. Absent options are fine.
 *
 * @param call - what takes the options, as its caller wrote it
 * @throws OPTIONS_INVALID with the name of the unknown option and the nearest known one
 */
export function assertOptions(call: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  if (!isPlainObject(options)) throw invalid(`${call} takes its options as an object.`);
  assertNames(`${call} has no option`, Object.keys(options), known);
  assertTools(call, options);
}

/** @throws OPTIONS_INVALID when options carry a signal or a listener that is none */
export function assertTools(call: string, { signal, onProgress }: { signal?: unknown; onProgress?: unknown }): void {
  if (signal !== undefined && !(typeof signal === "object" && signal !== null && "throwIfAborted" in signal))
    throw invalid(`${call}: signal is an AbortSignal.`);
  if (onProgress !== undefined && typeof onProgress !== "function") throw invalid(`${call}: onProgress is a function.`);
}

/** @throws OPTIONS_INVALID with the first name that is not known and the nearest that is */
export function assertNames(refusal: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw invalid(`${refusal} ${JSON.stringify(unknown.slice(0, 40))}.`, near === undefined ? undefined : `Did you mean ${near}?`);
}
