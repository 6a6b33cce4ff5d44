import { type BackupError, type BackupErrorCode, isBackupError } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { expect, vi } from "vitest";
import { stateDirectoryOf } from "../../src/host/stateDirectoryOf.ts";
import { contentOf } from "./contentOf.ts";
import { filesIn, pathsIn } from "./filesIn.ts";

/** What a refusal must leave as it is. */
export type Untouched = { client: Client; directory: string };

/**
 * Expects a rejection with the code, a store whose files have the same bytes as before, a client that holds what it held,
 * and nothing under way or in temporary files.
 */
export async function expectRefused(
  { client, directory }: Untouched,
  code: BackupErrorCode,
  run: () => Promise<unknown>,
): Promise<BackupError> {
  const before = [await contentOf(client), await filesIn(directory)];
  const error: unknown = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isBackupError(error) ? error.code : error).toBe(code);
  expect([await contentOf(client), await filesIn(directory)]).toEqual(before);
  await expectNothingLeft(client);
  return error as BackupError;
}

const lasting = [
  /[/\\]inbox-[0-9a-f]+\.lock$/,
  /[/\\]activation\.json$/,
  /[/\\]policy\.json$/,
  /[/\\]decisions\.json$/,
  /[/\\]archive-size\.json$/,
];

/** Expects that no task is noted and no temporary file is left of one, but for notes that are meant to stay; a note may just be being written. */
export async function expectNothingLeft(client: Client, alsoLasting: readonly RegExp[] = []): Promise<void> {
  await vi.waitFor(async () => {
    const left = await pathsIn(stateDirectoryOf(client));
    expect(left.filter((path) => ![...lasting, ...alsoLasting].some((pattern) => pattern.test(path)))).toEqual([]);
  });
}
