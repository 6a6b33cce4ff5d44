import { BackupError } from "@xmtp-backup/core";

/** @throws OPTIONS_INVALID when what a person typed is no text; it is a secret, so no part of it is in the error */
export function assertTyped(what: string, typed: unknown): asserts typed is string {
  if (typeof typed !== "string") throw new BackupError("OPTIONS_INVALID", `${what} is text, as the user typed it.`);
}
