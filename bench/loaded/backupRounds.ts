import { join } from "node:path";
import { type RecordedExports, recordExports, replayExports } from "../sdkPart/recordExports.ts";
import { type Run, timed } from "../shared/timed.ts";
import type { LoadedPerson } from "./loadPerson.ts";
import type { OpenedClient } from "./openedClient.ts";

/** A first whole backup, and a second one after messages came. */
export type BackupRound = {
  first: Run;
  /** How long the SDK exported within it, in seconds. */
  firstExportsSeconds: number;
  second: Run;
  /** Whether the second was made from the first: if not, everything was exported again. */
  isUpdated: boolean;
};

/** With the SDK's own ways beside it. */
export type ComparedRound = BackupRound & {
  raw: Run;
  floor: Run;
  /** What the first backup asked of the SDK. */
  exports: RecordedExports;
};

/** How many messages come before the second backup. */
export const newMessages = 500;

export async function backupRound(person: LoadedPerson): Promise<BackupRound> {
  return withRecorded(person, (opened, recorded) => bothBackups(person, opened, recorded));
}

export async function comparedRound(person: LoadedPerson, round: number): Promise<ComparedRound> {
  return withRecorded(person, async (opened, recorded) => {
    const measureRaw = () => timed(() => opened.client.createArchive(join(opened.folder, "raw.xmtp"), opened.key));
    // Each second round backwards: a slow moment of the machine falls on both.
    const early = round % 2 === 1 ? await measureRaw() : undefined;
    const both = await bothBackups(person, opened, recorded);
    const raw = early ?? (await measureRaw());
    return { ...both, raw, floor: await timed(() => replayExports(opened, both.exports)) };
  });
}

async function withRecorded<T>(person: LoadedPerson, work: (opened: OpenedClient, recorded: RecordedExports) => Promise<T>): Promise<T> {
  const { around, recorded } = recordExports();
  const opened = await person.openLoaded(around);
  try {
    return await work(opened, recorded);
  } finally {
    await opened.dispose();
  }
}

async function bothBackups(
  person: LoadedPerson,
  opened: OpenedClient,
  recorded: RecordedExports,
): Promise<BackupRound & { exports: RecordedExports }> {
  let isUpdated = false;
  const backUp = async (messages: number) => {
    const { details } = await opened.backUp();
    if (details?.counts.messages !== messages) throw new Error(`${details?.counts.messages} of ${messages} messages were backed up.`);
    isUpdated = details.updatedFrom !== undefined;
  };
  const { messages } = person.shape;
  const first = await timed(() => backUp(messages));
  const exports = { ...recorded, requests: [...recorded.requests] };
  await opened.restore(await person.newer(newMessages));
  const second = await timed(() => backUp(messages + newMessages));
  return { first, firstExportsSeconds: exports.seconds, second, isUpdated, exports };
}
