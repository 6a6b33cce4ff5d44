import { BackupError } from "../errors/backupError.ts";

export const longestName = 200;

/** @throws OPTIONS_INVALID when a name is not text, or too long; an emoji counts as one character */
export function assertName(name: unknown): asserts name is string | undefined {
  if (name === undefined) return;
  if (typeof name !== "string") throw new BackupError("OPTIONS_INVALID", "A name is text.");
  if ([...name].length > longestName) throw new BackupError("OPTIONS_INVALID", `A name has at most ${longestName} characters.`);
}
