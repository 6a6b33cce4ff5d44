import { writeArchive, type ArchiveRecord } from "@xmtp-backup/archive";
import { type Backups, createBackups, generateArchiveKey, type Host } from "@xmtp-backup/core";
import { nodeHost } from "@xmtp-backup/node";
import { fakeClock, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import type { Client } from "@xmtp/node-sdk";
import { recordsOf } from "../../packages/node/test/support/archiveOf.ts";
import type { Clients } from "../../packages/node/test/support/openClients.ts";
import { shortText } from "../loaded/loadedArchive.ts";

/** A client of the real SDK whose conversations are restored and wait, three of five groups, and the backups that track them. */
export type RestoredClient = {
  client: Client;
  backups: Backups;
  ids: readonly string[];
  /** One look from its beginning to its end. */
  look(): Promise<void>;
};

export async function restoreClient(clients: Clients, conversations: number): Promise<RestoredClient> {
  const client = await clients.open(clients.createSigner(), { encrypted: false });
  const key = generateArchiveKey();
  const clock = fakeClock(Date.now());
  const host = nodeHost(client);
  let onEnd = () => {};
  const watched: Host = {
    ...host,
    watch: () => () => undefined,
    async listConversations(options) {
      const listed = await host.listConversations(options);
      // Whatever a look does after its second listing, that behind the sync, it does before the event loop turns.
      if (options?.peerInboxIds !== undefined) setImmediate(() => onEnd());
      return listed;
    },
  };
  const backups = createBackups({
    host: watched,
    store: memoryStore(clock.now),
    keys: memoryKeys(key),
    clock,
    policy: { frequency: "never" },
  });
  const archive = await new Response(
    writeArchive(mixedRecords(client.inboxId, conversations), key) as ReadableStream<Uint8Array<ArrayBuffer>>,
  ).blob();
  const { inactiveConversationIds: ids } = await backups.restore(archive).result;
  if (ids.length !== conversations) throw new Error(`${ids.length} of ${conversations} conversations`);

  async function look(): Promise<void> {
    const end = new Promise<void>((resolve) => (onEnd = resolve));
    clock.advance(5_000);
    backups.lookNow();
    await end;
  }
  // The first is under way since the restore; the second finds everything at rest.
  await look();
  await look();
  return { client, backups, ids, look };
}

function* mixedRecords(inboxId: string, conversations: number): Generator<ArchiveRecord> {
  let index = 0;
  for (const record of recordsOf(
    inboxId,
    Array.from({ length: conversations }, () => [shortText]),
  )) {
    yield record.kind === "group" && index++ % 5 >= 3 ? toDm(record, inboxId) : record;
  }
}

/** The same conversation as a DM with a peer of its own. */
function toDm({ kind, group }: Extract<ArchiveRecord, { kind: "group" }>, inboxId: string): ArchiveRecord {
  const pair = [inboxId, group.id.padStart(64, "b")].sort();
  return { kind, group: { ...group, conversationType: "dm", dmId: `dm:${pair.join(":")}` } };
}
