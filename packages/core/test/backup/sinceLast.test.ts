import { type ArchiveRecord, readArchive } from "@xmtp-backup/archive";
import { createBackups } from "@xmtp-backup/core";
import { fakeInbox, memoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { hexOf } from "../../../testing/src/fakes/hexOf.ts";
import { partsOf, world } from "../support/world.ts";

type World = ReturnType<typeof world>;

const ns = 1_000_000n;
const startNs = 1_767_200_000_000_000_000n;

function local(inbox = fakeInbox({ groups: 3, dms: 2, startNs })): World {
  const one = world({ inbox });
  Object.assign(one.host, { primitives: nodePrimitives });
  one.clock.advance(1_767_200_100_000 - one.clock.now());
  one.host.exportedAtNs = startNs;
  return one;
}

/** What an archive of the store holds, in an order of its own. */
async function recordsOf({ store, key }: Pick<World, "store" | "key">, id: string): Promise<string[]> {
  const blob = await store.get(id);
  const records: string[] = [];
  for await (const record of readArchive(blob, key, { primitives: nodePrimitives })) records.push(toText(record));
  return records.sort();
}

function toText(record: ArchiveRecord): string {
  const known = record.kind === "metadata" ? { ...record, metadata: { ...record.metadata, exportedAtNs: 0n } } : record;
  return JSON.stringify(known, (_name, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? [...value].join() : value,
  );
}

/** What an export of everything would hold now. */
async function afresh(one: World): Promise<string[]> {
  const store = memoryStore(one.clock.now);
  const backups = createBackups({ ...partsOf({ ...one, store }), policy: { keep: "everything" } as never });
  const { entry } = await backups.backup({ fresh: true }).result;
  expect(entry.details?.updatedFrom).toBeUndefined();
  return recordsOf({ store, key: one.key }, entry.id);
}

function say({ host, clock }: World, group: number, text: string, sentAtNs = BigInt(clock.now()) * ns): string {
  const conversation = [...host.inbox.conversations.values()][group % host.inbox.conversations.size];
  const id = hexOf(`${text} ${sentAtNs}`, 32);
  conversation?.messages.set(id, { id, text, sentAtNs, senderInboxId: conversation.peerInboxId ?? hexOf("bob", 32) });
  return id;
}

describe("a whole backup from the last one", () => {
  it("default: exports what is new, and holds what an export of everything would", async () => {
    const one = local();
    const first = await one.backups.backup().result;
    expect(first.entry.details).toMatchObject({ freshAtMs: one.clock.now() });
    one.clock.advance(86_400_000);
    say(one, 0, "new");
    const exportArchive = vi.spyOn(one.host, "exportArchive");
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({
      updatedFrom: first.entry.id,
      freshAtMs: first.entry.details?.freshAtMs,
      counts: { messages: 16 },
    });
    expect(exportArchive.mock.calls.map(([{ startNs: from, endNs }]) => [from, endNs])).toEqual([
      [first.entry.details?.lastMessageNs, undefined],
    ]);
    expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
    expect(one.host.unreleased).toBe(0);
  });
});
