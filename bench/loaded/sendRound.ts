import { join } from "node:path";
import type { BackupPriority } from "@xmtp-backup/core";
import type { LoadedPerson } from "./loadPerson.ts";
import type { OpenedClient } from "./openedClient.ts";
import { sendWhile } from "./sendLoop.ts";

/** The median time until a message of the app is out, in seconds: of a quiet client, and of one at work. */
export type SendTimes = { alone: number; during: number };

export function slower({ alone, during }: SendTimes): number {
  return during / alone;
}

export function sendsText({ alone, during }: SendTimes): string {
  return `${(alone * 1_000).toFixed(1)} ms alone, ${(during * 1_000).toFixed(1)} ms`;
}

/** Work that runs beside the sends. */
type Work = {
  done: Promise<unknown>;
  /** Ends it early. */
  stop?(): Promise<void>;
};

const sendsAlone = 60;
const mostSends = 300;

export async function sendRound(person: LoadedPerson, start: (opened: OpenedClient) => Work): Promise<SendTimes> {
  const opened = await person.openLoaded();
  try {
    const group = await opened.client.conversations.createGroup([]);
    // The first ones are slower.
    await sendWhile(group, (sent) => sent < 5);
    const alone = await sendWhile(group, (sent) => sent < sendsAlone);
    const { done, stop } = start(opened);
    let isDone = false;
    const end = () => (isDone = true);
    done.then(end, end);
    const during = await sendWhile(group, (sent) => !isDone && sent < mostSends);
    if (!isDone) await stop?.();
    await done;
    return { alone, during };
  } finally {
    await opened.dispose();
  }
}

export function firstBackup(priority: BackupPriority): (opened: OpenedClient) => Work {
  return (opened) => {
    const { result, cancel } = opened.startBackup({ priority });
    let isStopped = false;
    const done = result.catch((error: unknown) => {
      if (!isStopped) throw error;
    });
    const stop = () => {
      isStopped = true;
      return cancel();
    };
    return { done, stop };
  };
}

export function rawExport({ client, folder, key }: OpenedClient): Work {
  return { done: client.createArchive(join(folder, "raw.xmtp"), key) };
}
