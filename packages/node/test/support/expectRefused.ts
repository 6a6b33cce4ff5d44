import { join } from "node:path";
import { type BackupError, type BackupErrorCode, isBackupError } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { expect } from "vitest";
import { stateDirectoryOf } from "../../src/stateDirectoryOf.ts";
import { contentOf } from "./contentOf.ts";
import { filesIn, pathsIn } from "./filesIn.ts";

/** What a refusal must leave as it is. */
export type Untouched = { client: Client; directory: string };

/**
 * Expects a rejection with the code, a store whose files have the same bytes as before, a client that holds what it held,
 * and nothing under way or in temporary files.
 */
export async function expectRefused({ client, directory }: Untouched, code: BackupErrorCode, run: () => Promise<unknown>): Promise<BackupError> {
  const before = [await contentOf(client), await filesIn(directory)];
  const error: unknown = await run().then(() => undefined, (reason: unknown) => reason);
  expect(isBackupError(error) ? error.code : error).toBe(code);
  expect([await contentOf(client), await filesIn(directory)]).toEqual(before);
  await expectNothingLeft(client);
  return error as BackupError;
}

/** Expects that no task is noted and that no temporary file is left of one. */
export async function expectNothingLeft(client: Client): Promise<void> {
  const left = await pathsIn(stateDirectoryOf(client));
  const expected = [/[/\\]inbox-[0-9a-f]+\.lock$/, /[/\\]activation\.json$/];
  expect(left.filter((path) => !expected.some((pattern) => pattern.test(path)))).toEqual([]);
}

export function temporaryFolderOf(client: Client): string {
  return join(stateDirectoryOf(client), "tmp");
}
