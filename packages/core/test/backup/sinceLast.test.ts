import { type ArchiveRecord, readArchive } from "@xmtp-backup/archive";
import {
  BackupError,
  type BackupOptions,
  type BackupsOptions,
  createBackups,
  generateArchiveKey,
  type KeptArchives,
  type LogEvent,
} from "@xmtp-backup/core";
import { fakeInbox, memoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { hexOf } from "../../../testing/src/fakes/hexOf.ts";
import { newInstallation, partsOf, world } from "../support/world.ts";

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
  return JSON.stringify(known, (name, value: unknown) => {
    // The fake client notes no last activity.
    if (name === "lastMessageNs") return undefined;
    return typeof value === "bigint" ? `${value}n` : value instanceof Uint8Array ? [...value].join() : value;
  });
}

/** What an export of everything would hold now. */
async function afresh(one: World): Promise<string[]> {
  const store = memoryStore(one.clock.now);
  const backups = createBackups(partsOf({ ...one, store }));
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

  it("behavior: whatever happened meanwhile, it holds what an export of everything would", async () => {
    const nat = fc.nat(40);
    const deed = fc.oneof(
      fc.record({ kind: fc.constantFrom("say", "sayLate", "sayAhead"), which: nat, far: nat }),
      fc.record({ kind: fc.constantFrom("take", "takeEarly"), which: nat, far: nat }),
      fc.record({ kind: fc.constantFrom("rename", "timer", "leave", "decide", "person"), which: nat, far: nat }),
      fc.record({ kind: fc.constantFrom("join", "joinLate", "stitch", "activate", "deactivate"), which: nat, far: nat }),
      fc.record({ kind: fc.constantFrom("clockBack", "dateBack", "backup", "backup", "backup"), which: nat, far: nat }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 24 }), async (deeds) => {
        const one = local();
        await one.backups.backup().result;
        let [updates, touched] = [0, new Map<unknown, string>()];
        for (const [index, each] of [...deeds, { kind: "backup", which: 0, far: 0 }].entries()) {
          one.clock.advance(3_600_000);
          one.host.exportedAtNs += 1_000n;
          if (!isExchange(one, touched, each)) act(one, index, each);
          if (each.kind !== "backup") continue;
          touched = new Map();
          const { entry } = await one.backups.backup().result;
          if (entry.details?.updatedFrom !== undefined) updates += 1;
          expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
          expect(entry.details?.missingMessages).toBeUndefined();
        }
        // An archive of the future is none to build on.
        if (!deeds.some(({ kind }) => kind === "clockBack")) expect(updates).toBeGreaterThan(0);
      }),
      { numRuns: runs(160) },
    );
  });
});

describe("what a whole backup does not build on", () => {
  /** What the second backup is made from, after something was done to the first. */
  async function second(between: (one: World, firstId: string) => unknown, options: Partial<BackupsOptions> = {}, how: BackupOptions = {}) {
    const one = local();
    const { entry: first } = await createBackups({ ...partsOf(one), ...options }).backup().result;
    one.clock.advance(3_600_000);
    await between(one, first.id);
    say(one, 0, "new");
    const { entry } = await createBackups({ ...partsOf(one), ...options }).backup(how).result;
    if (how.startNs === undefined && how.elements === undefined) {
      expect(entry.details?.counts.messages).toBe(16);
      expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
    }
    return { first, entry, isUpdate: entry.details?.updatedFrom === first.id };
  }
  const nothing = () => undefined;

  it("default: it builds on the last whole archive", async () => {
    expect(await second(nothing)).toMatchObject({ isUpdate: true });
    expect(await second(nothing, {}, { fresh: true })).toMatchObject({ isUpdate: false });
    expect(await second(nothing, { reuse: false })).toMatchObject({ isUpdate: false });
  });

  it("behavior: bytes that are not those that were stored, or are gone", async () => {
    const events: string[] = [];
    const log = ({ event }: LogEvent) => void events.push(event);
    const logger = { debug: nothing, info: nothing, warn: log, error: log };
    for (const change of [
      (bytes: Uint8Array) => (bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1),
      (bytes: Uint8Array) => (bytes[3] = (bytes[3] ?? 0) ^ 1),
    ]) {
      const damage = ({ store }: World, id: string) => change(store.archives.get(id) as Uint8Array);
      expect(await second(damage, { logger })).toMatchObject({ isUpdate: false });
      expect(events.splice(0)).toEqual(["archive.notReused"]);
    }
    const cut = ({ store }: World, id: string) => store.archives.set(id, (store.archives.get(id) as Uint8Array).slice(0, 900));
    expect(await second(cut, { logger })).toMatchObject({ isUpdate: false });
    expect(await second(({ store }, id) => store.archives.delete(id))).toMatchObject({ isUpdate: false });
    expect(await second(({ store }, id) => store.remove(id))).toMatchObject({ isUpdate: false });
  });

  it("parameters: freshEvery", async () => {
    const wait = ({ clock }: World) => clock.advance(30 * 86_400_000);
    expect(await second(wait)).toMatchObject({ isUpdate: true });
    expect(await second(wait, { reuse: { freshEvery: "30d" } })).toMatchObject({ isUpdate: false });
    const one = local();
    for (let week = 0; week < 14; week += 1) {
      await one.backups.backup().result;
      one.clock.advance(7 * 86_400_000);
    }
    const [newest] = await one.backups.list();
    expect(newest?.details?.freshAtMs).toBeGreaterThan(one.clock.now() - 14 * 86_400_000);
  });

  it("behavior: a part, an archive without disappearing messages, and archives of other installations", async () => {
    expect(await second(nothing, {}, { startNs })).toMatchObject({ isUpdate: false });
    expect(await second(nothing, {}, { elements: ["messages"] })).toMatchObject({ isUpdate: false });
    expect(await second(nothing, {}, { excludeDisappearingMessages: true })).toMatchObject({ isUpdate: false });
    const one = local();
    await one.backups.backup({ elements: ["messages"] }).result;
    await one.backups.backup({ excludeDisappearingMessages: true }).result;
    await one.backups.backup({ endNs: startNs + 5_000_000_000n }).result;
    expect((await one.backups.backup().result).entry.details?.updatedFrom).toBeUndefined();
    const tablet = newInstallation(one, { inbox: one.host.inbox });
    expect((await tablet.backups.backup().result).entry.details?.updatedFrom).toBeUndefined();
  });

  it("behavior: a new archive key makes the next archive, from one of the key before", async () => {
    const one = local();
    const first = await one.backups.backup().result;
    const key = generateArchiveKey();
    await one.keys.add(key);
    one.clock.advance(3_600_000);
    const { entry } = await one.backups.backup().result;
    expect(entry.details?.updatedFrom).toBe(first.entry.id);
    expect(entry.keyFingerprint).not.toBe(first.entry.keyFingerprint);
    expect(await recordsOf({ store: one.store, key }, entry.id)).toEqual(await recordsOf(one, first.entry.id));
  });

  it("behavior: where the SDK can't export a time again, what the last archive holds stays", async () => {
    const one = local();
    await one.backups.backup().result;
    one.clock.advance(3_600_000);
    const late = say(one, 0, "late", startNs + 1_500_000_000n);
    one.host.breakExportOf(late);
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ counts: { messages: 15 }, missingMessages: 1 });
    expect(entry.details?.lacks?.ranges).toHaveLength(1);
    // It is tried again, until the SDK can.
    const message = [...one.host.inbox.conversations.values()][0]?.messages.get(late);
    if (message) message.failsExport = false;
    const next = (await one.backups.backup().result).entry.details;
    expect(next).toMatchObject({ updatedFrom: entry.id, counts: { messages: 16 } });
    expect(next).not.toHaveProperty("lacks");
  });
});

describe("the copy of the last whole archive", () => {
  /** A world whose store is elsewhere. */
  function remote(options: Partial<BackupsOptions> = {}) {
    const one = local();
    Object.assign(one.store, { features: { local: false } });
    const names = async () => ((await one.host.kept?.list()) ?? []).map(({ name }) => name);
    return { one, names, backups: createBackups({ ...partsOf(one), ...options }) };
  }

  it("default: the next backup builds on it, and fetches nothing", async () => {
    const { one, names, backups } = remote();
    const { entry: first } = await backups.backup().result;
    expect(await names()).toEqual([`whole-${first.id}`]);
    one.clock.advance(3_600_000);
    say(one, 0, "new");
    const fetched = vi.spyOn(one.store, "get");
    const { entry } = await backups.backup().result;
    expect(entry.details?.updatedFrom).toBe(first.id);
    expect(fetched.mock.calls.map(([id]) => id)).toEqual([entry.id]);
    expect(await names()).toEqual([`whole-${entry.id}`]);
    expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
  });

  it("parameters: maxCopyBytes", async () => {
    for (const reuse of [{ maxCopyBytes: 100 }, { maxCopyBytes: 0 }, false] as const) {
      const { names, backups } = remote({ reuse });
      await backups.backup().result;
      expect(await names()).toEqual([]);
      expect((await backups.backup().result).entry.details?.updatedFrom).toBeUndefined();
    }
  });

  it("behavior: a copy that was altered, swapped or lost is not built on, and costs nothing", async () => {
    for (const harm of ["flip", "swap", "lose"] as const) {
      const { one, names, backups } = remote();
      const { entry: first } = await backups.backup().result;
      const name = `whole-${first.id}`;
      const bytes = new Uint8Array(await ((await one.host.kept?.get(name)) as Blob).arrayBuffer());
      bytes[700] = (bytes[700] ?? 0) ^ 4;
      if (harm === "flip") await one.host.kept?.put(name, new Blob([bytes]));
      if (harm === "swap") await one.host.kept?.put(name, new Blob([new Uint8Array(bytes.length)]));
      if (harm === "lose") await one.host.kept?.remove(name);
      one.clock.advance(3_600_000);
      const { entry } = await backups.backup().result;
      expect(entry.details).toMatchObject({ counts: { messages: 15 } });
      expect(entry.details?.updatedFrom).toBeUndefined();
      expect(await names()).toEqual([`whole-${entry.id}`]);
    }
  });

  it("behavior: a device that can keep no copy backs up all the same", async () => {
    const { one, backups } = remote();
    const full = new BackupError("DEVICE_FULL", "There is no room.");
    vi.spyOn(one.host.kept as KeptArchives, "put").mockRejectedValue(full);
    expect((await backups.backup().result).entry.seal).toBe("open");
  });

  it("behavior: it goes with its archive", async () => {
    const { names, backups } = remote();
    const { entry } = await backups.backup().result;
    await backups.remove(entry);
    expect(await names()).toEqual([]);
  });
});

/** One message that comes and another one that goes in the same conversation are the exception: counts can't tell them from none. */
function isExchange({ host }: World, touched: Map<unknown, string>, { kind, which }: { kind: string; which: number }): boolean {
  if (!kind.startsWith("say") && !kind.startsWith("take")) return false;
  const { messages } = [...host.inbox.conversations.values()][which % host.inbox.conversations.size] ?? {};
  const what = kind.slice(0, 3);
  if ((touched.get(messages) ?? what) !== what) return true;
  touched.set(messages, what);
  return false;
}

/** One thing that happens to a client between two backups. */
function act(one: World, index: number, { kind, which, far }: { kind: string; which: number; far: number }): void {
  const { host, clock } = one;
  const { conversations, consent } = host.inbox;
  const all = [...conversations.values()];
  const conversation = all[which % all.length] as (typeof all)[number];
  const nowNs = BigInt(clock.now()) * ns;
  const someTimeAgoNs = startNs + BigInt(far) * 250_000_000n;
  if (kind === "say") say(one, which, `say ${index}`);
  if (kind === "sayLate") say(one, which, `late ${index}`, someTimeAgoNs + 1n);
  if (kind === "sayAhead") say(one, which, `ahead ${index}`, nowNs + BigInt(far) * 3_600_000_000_000n);
  if (kind === "take" || kind === "takeEarly") {
    const ids = [...conversation.messages.keys()];
    for (const id of kind === "take" ? ids.slice(far % 4, (far % 4) + 1) : ids.slice(0, far % 3)) conversation.messages.delete(id);
  }
  if (kind === "rename") host.change(conversation.id, { name: `Name ${index}` });
  if (kind === "timer") host.change(conversation.id, { disappearsInNs: BigInt(far + 1) * 86_400_000_000_000n });
  if (kind === "leave") host.change(conversation.id, { hasLeft: true });
  if (kind === "decide") conversation.consent = (["allowed", "denied"] as const)[far % 2] as "allowed";
  if (kind === "person") {
    const entity = hexOf(`peer ${which % 2}`, 32);
    const known = consent.find((record) => record.entity === entity);
    if (known) known.state = far % 2 ? "denied" : "allowed";
  }
  const created = { isActive: true, consent: "allowed", messages: new Map() } as const;
  if (kind === "join" || kind === "joinLate") {
    const id = hexOf(`joined ${index}`, 16);
    const createdAtNs = kind === "join" ? nowNs : someTimeAgoNs;
    conversations.set(id, { ...created, id, kind: "group", name: `Joined ${index}`, createdAtNs, messages: new Map() });
    if (far % 2) say(one, all.length, `joined ${index}`, kind === "join" ? nowNs : someTimeAgoNs + 5n);
  }
  const dm = all.find((each) => each.kind === "dm");
  if (kind === "stitch" && dm) {
    const id = hexOf(`stitched ${index}`, 16);
    conversations.set(id, { ...dm, id, createdAtNs: far % 2 ? nowNs : someTimeAgoNs });
  }
  if (kind === "activate") conversation.isActive = true;
  if (kind === "deactivate") conversation.isActive = false;
  if (kind === "clockBack") clock.advance(-Math.min(far, 20) * 1_800_000);
  if (kind === "dateBack") host.exportedAtNs -= BigInt(far) * 500n;
}
