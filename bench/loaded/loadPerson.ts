import { join } from "node:path";
import { generateArchiveKey, type Host } from "@xmtp-backup/core";
import { closeClient } from "../../packages/node/test/support/closeClient.ts";
import { createSigner } from "../../packages/node/test/support/createSigner.ts";
import { type Run, timed } from "../shared/timed.ts";
import { copyDatabase, openDatabase } from "./database.ts";
import { loadedArchive } from "./loadedArchive.ts";
import { type OpenedClient, openedClient } from "./openedClient.ts";
import type { Shape } from "./shape.ts";
import type { BenchNetwork } from "./startNetworkThread.ts";
import { untilClosed } from "./untilClosed.ts";

/** Somebody whose client holds that much, as closed databases that are copied and opened. */
export type LoadedPerson = {
  shape: Shape;
  /** The archive that the client was loaded with. */
  archive: Blob;
  /** How long the plugin took to restore it into an empty client. */
  loading: Run;
  /** After the last message of the archive, and before those of `newer`. */
  lastNs: bigint;
  /** An archive of messages that are newer than all others. */
  newer(messages: number): Promise<Blob>;
  /** A copy of the client before it held anything. */
  openEmpty(around?: (host: Host) => Host): Promise<OpenedClient>;
  openLoaded(around?: (host: Host) => Host): Promise<OpenedClient>;
  /** A copy of the database alone, that no client has open: a path. */
  copyLoaded(): Promise<string>;
};

const secondNs = 1_000_000_000n;
const hourNs = 3_600n * secondNs;
const yearNs = 8_760n * hourNs;
/** How many conversations are spoken in while `newer` comes. */
const busyConversations = 50;

export async function loadPerson(network: BenchNetwork, folder: string, shape: Shape): Promise<LoadedPerson> {
  const { messages, conversations, asPeopleHaveIt = false } = shape;
  const signer = createSigner();
  const encryptionKey = asPeopleHaveIt ? crypto.getRandomValues(new Uint8Array(32)) : undefined;
  const key = generateArchiveKey();
  const newPath = () => join(folder, `${crypto.randomUUID()}.db3`);
  const [empty, loaded] = [newPath(), newPath()];
  // All copies are of one installation: an inbox has ten at most.
  const client = await openDatabase(network, signer, empty, encryptionKey);
  const { inboxId } = client;
  await closeClient(client);
  await untilClosed(empty);

  const openCopy = (template: string) => async (around?: (host: Host) => Host) => {
    const path = newPath();
    await copyDatabase(template, path);
    return openedClient(await openDatabase(network, signer, path, encryptionKey), path, key, around);
  };

  const lastNs = BigInt(Date.now()) * 1_000_000n - hourNs;
  const stepNs = yearNs / BigInt(messages);
  const row = { first: 0, messages, conversations, firstNs: lastNs - BigInt(messages - 1) * stepNs, stepNs };
  const archive = await loadedArchive(inboxId, row, key);
  await copyDatabase(empty, loaded);
  const toLoad = openedClient(await openDatabase(network, signer, loaded, encryptionKey), loaded, key);
  const loading = await timed(() => toLoad.restore(archive));
  await toLoad.close();
  await untilClosed(loaded);

  return {
    shape,
    archive,
    loading,
    lastNs,
    newer: (count) =>
      loadedArchive(
        inboxId,
        {
          first: messages,
          messages: count,
          conversations: Math.min(conversations, busyConversations),
          firstNs: lastNs + secondNs,
          stepNs: hourNs / 2n / BigInt(count),
        },
        key,
      ),
    openEmpty: openCopy(empty),
    openLoaded: openCopy(loaded),
    async copyLoaded() {
      const path = newPath();
      await copyDatabase(loaded, path);
      return path;
    },
  };
}
