import { type ArchiveRecord, readArchive } from "@xmtp-backup/archive";
import { type BackupsOptions, createBackups } from "@xmtp-backup/core";
import { fakeInbox, memoryStore } from "@xmtp-backup/testing";
import { expect } from "vitest";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { hexOf } from "../../../testing/src/fakes/hexOf.ts";
import { partsOf, world } from "./world.ts";

export type World = ReturnType<typeof world>;

export const ns = 1_000_000n;
export const startNs = 1_767_200_000_000_000_000n;

/** A client over a store on its device, long after its messages. */
export function local(inbox = fakeInbox({ groups: 3, dms: 2, startNs }), options: Partial<BackupsOptions> = {}): World {
  const one = world({ inbox }, options);
  Object.assign(one.host, { primitives: nodePrimitives });
  one.clock.advance(1_767_400_000_000 - one.clock.now());
  one.host.exportedAtNs = startNs;
  return one;
}

/** What an archive of the store holds, in an order of its own. */
export async function recordsOf({ store, key }: Pick<World, "store" | "key">, id: string): Promise<string[]> {
  return textsOf(await store.get(id), key);
}

/** What bytes hold, in an order of its own. */
export async function textsOf(blob: Blob, key: Uint8Array): Promise<string[]> {
  const records: string[] = [];
  for await (const record of readArchive(blob, key, { primitives: nodePrimitives })) records.push(toText(record));
  return records.sort();
}

function toText(record: ArchiveRecord): string {
  const known = record.kind === "metadata" ? { ...record, metadata: { ...record.metadata, exportedAtNs: 0n } } : record;
  return JSON.stringify(known, (name, value: unknown) => {
    // The fake client notes no last activity.
    if (name === "lastMessageNs") return undefined;
    return typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? [...value].join() : value;
  });
}

/** What an export of everything would hold now. */
export async function afresh(one: World): Promise<string[]> {
  const store = memoryStore(one.clock.now);
  const backups = createBackups(partsOf({ ...one, store }));
  const { entry } = await backups.backup({ fresh: true }).result;
  expect(entry.details?.updatedFrom).toBeUndefined();
  return recordsOf({ store, key: one.key }, entry.id);
}

/** Puts a message into one of its conversations. */
export function say({ host, clock }: World, group: number, text: string, sentAtNs = BigInt(clock.now()) * ns): string {
  const conversation = [...host.inbox.conversations.values()][group % host.inbox.conversations.size];
  const id = hexOf(`${text} ${sentAtNs}`, 32);
  conversation?.messages.set(id, { id, text, sentAtNs, senderInboxId: conversation.peerInboxId ?? hexOf("bob", 32) });
  return id;
}
