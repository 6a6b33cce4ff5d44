// The script of a page: what the plugin does in it, with the real SDK and all that lasts in a browser.
import { validateArchive } from "@xmtp-backup/archive";
import { browserHost, indexedDbKeys, opfsStore } from "@xmtp-backup/browser";
import { type Backups, createBackups } from "@xmtp-backup/core";
import type { Hex } from "viem";
import { openClient } from "../../packages/browser/test/pages/openClient.ts";
import { benchKey } from "../archive/benchKey.ts";

let backups: Backups;
let archive: Blob;

export async function open(url: string, privateKey: Hex, archivePath: string): Promise<void> {
  archive = await (await fetch(archivePath)).blob();
  backups = createBackups({ host: browserHost(await openClient(url, privateKey)), store: opfsStore(), keys: indexedDbKeys() });
}

export const validate = async (): Promise<number> => (await validateArchive(archive, benchKey)).counts.messages;

export const inspect = async (): Promise<number> => (await backups.inspect(archive, { key: benchKey })).counts.messages;

export const restore = async (): Promise<number> => (await backups.restore(archive, { key: benchKey }).result).messages.restored;

export const backUp = async (): Promise<number> => (await backups.backup().result).entry.details?.counts.messages ?? 0;
