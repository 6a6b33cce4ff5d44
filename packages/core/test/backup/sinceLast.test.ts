import {
  BackupError,
  type BackupOptions,
  type BackupsOptions,
  createBackups,
  generateArchiveKey,
  type KeptArchives,
  type LogEvent,
} from "@xmtp-backup/core";
import { fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { hexOf } from "../../../testing/src/fakes/hexOf.ts";
import { afresh, local, ns, recordsOf, say, startNs, type World } from "../support/lastWhole.ts";
import { newInstallation, partsOf } from "../support/world.ts";

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
    expect(exportArchive.mock.calls.map(([{ startNs: from, endNs }]) => [from, endNs])).toEqual([[first.entry.details?.cutNs, undefined]]);
    expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
    expect(one.host.unreleased).toBe(0);
  });

  it("behavior: the changes of conversations are counted beside their messages", async () => {
    const one = local();
    const { countMessages, revisionOf } = one.host;
    let ask = (): void => undefined;
    const asked = new Promise<void>((resolve) => (ask = resolve));
    vi.spyOn(one.host, "countMessages").mockImplementation(async (...call) => {
      await asked;
      return countMessages.call(one.host, ...call);
    });
    vi.spyOn(one.host, "revisionOf").mockImplementation(async (...call) => {
      ask();
      return (await revisionOf?.call(one.host, ...call)) ?? 0;
    });
    expect((await one.backups.backup().result).entry.details).toMatchObject({ counts: { messages: 15 } });
  });
});

describe("what no backup from the last one may lose", () => {
  /** A client that has backed up once, some hours ago. */
  async function backedUp(one = local(), backups = one.backups) {
    const { entry: first } = await backups.backup().result;
    one.clock.advance(3 * 3_600_000);
    return { one, first };
  }
  const holds = async (one: World, { id }: { id: string }, messageId: string) =>
    (await recordsOf(one, id)).some((record) => record.includes('"message"') && record.includes(messageId));

  it("behavior: the messages of a DM that broke, which no export brings any more", async () => {
    const one = local();
    const backups = createBackups({ ...partsOf(one), policy: { keep: { last: 1 } } });
    const { first } = await backedUp(one, backups);
    const exportArchive = one.host.exportArchive.bind(one.host);
    const { conversations } = one.host.inbox;
    vi.spyOn(one.host, "exportArchive").mockImplementation(async (...request) => {
      const broken = [...conversations.values()].filter(({ isBroken }) => isBroken);
      for (const { id } of broken) conversations.delete(id);
      return exportArchive(...request).finally(() => broken.forEach((each) => conversations.set(each.id, each)));
    });
    const dm = [...conversations.values()].find(({ kind }) => kind === "dm");
    one.host.breakConversation(dm?.id ?? "");
    say(one, 0, "late", ([...(dm?.messages.values() ?? [])][1]?.sentAtNs ?? 0n) + 1n);
    for (let count = 0; count < 5; count += 1) say(one, 0, `new ${count}`);
    one.clock.advance(3_600_000);
    const { entry } = await backups.backup().result;
    expect(entry.details?.updatedFrom).toBe(first.id);
    expect(entry.details?.conversations.find(({ id }) => id === dm?.id)?.messages).toBe(3);
    expect(entry.details?.lacks?.conversations).toEqual([{ id: dm?.id, kind: "dm", isBroken: true }]);
    expect((await backups.list()).map(({ id }) => id)).toContain(first.id);
  });

  it("behavior: a message dated far ahead makes nothing that is new look late", async () => {
    const one = local();
    say(one, 0, "ahead", BigInt(one.clock.now()) * ns + 80n * 86_400_000n * ns);
    await backedUp(one);
    const conversation = [...one.host.inbox.conversations.values()][1];
    for (let day = 0; day < 3; day += 1) {
      one.clock.advance(86_400_000);
      conversation?.messages.delete([...conversation.messages.keys()][0] ?? "");
      const id = say(one, 1, `day ${day}`);
      const { entry } = await one.backups.backup().result;
      expect(entry.details?.updatedFrom).toBeDefined();
      expect(await holds(one, entry, id)).toBe(true);
    }
  });

  it("behavior: a message that arrives during the export hides none that came late", async () => {
    const { one } = await backedUp();
    const late = say(one, 0, "late", startNs + 1_500_000_000n);
    const exportArchive = one.host.exportArchive.bind(one.host);
    vi.spyOn(one.host, "exportArchive").mockImplementationOnce((...request) => {
      say(one, 0, "live");
      return exportArchive(...request);
    });
    const { entry } = await one.backups.backup().result;
    expect(entry.details?.updatedFrom).toBeDefined();
    expect(await holds(one, entry, late)).toBe(true);
  });

  it("behavior: a conversation that can't be counted has everything exported", async () => {
    const { one } = await backedUp();
    const [group] = one.host.inbox.conversations.values();
    const id = hexOf("uncounted", 16);
    one.host.inbox.conversations.set(id, { ...(group as NonNullable<typeof group>), id, messages: new Map(), createdAtNs: startNs + 3n });
    const old = say(one, one.host.inbox.conversations.size - 1, "old", startNs + 4_000_000_000n);
    const count = one.host.countMessages.bind(one.host);
    vi.spyOn(one.host, "countMessages").mockImplementation(async (conversationId, ...more) => {
      if (conversationId === id) throw new BackupError("HOST_FAILED", "It can't be counted.");
      return count(conversationId, ...more);
    });
    const { entry } = await one.backups.backup().result;
    expect(entry.details?.updatedFrom).toBeUndefined();
    expect(await holds(one, entry, old)).toBe(true);
  });

  it("behavior: where too much differs, everything is exported after a bounded number of counts", async () => {
    const one = local(fakeInbox({ groups: 60, messagesEach: 4, startNs }));
    await backedUp(one);
    const yearNs = 365n * 86_400_000_000_000n;
    for (let group = 0; group < 60; group += 1) {
      for (let late = 1n; late < 5n; late += 1n)
        say(one, group, `late ${late}`, startNs - late * yearNs - BigInt(group) * 86_400_000_000_000n);
    }
    const counts = vi.spyOn(one.host, "countMessages");
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ counts: { messages: 480 } });
    expect(entry.details?.updatedFrom).toBeUndefined();
    expect(counts.mock.calls.length).toBeLessThan(3_000);
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
    const logger = { debug: nothing, info: log, warn: log, error: log };
    for (const change of [
      (bytes: Uint8Array) => (bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1),
      (bytes: Uint8Array) => (bytes[3] = (bytes[3] ?? 0) ^ 1),
    ]) {
      const damage = ({ store }: World, id: string) => change(store.archives.get(id) as Uint8Array);
      expect(await second(damage, { logger })).toMatchObject({ isUpdate: false });
      expect(events.splice(0)).toContain("archive.notReused");
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

  it("behavior: it goes when copies are not wanted any more", async () => {
    const { one, names, backups } = remote();
    await backups.backup().result;
    await createBackups({ ...partsOf(one), reuse: false }).backup().result;
    expect(await names()).toEqual([]);
  });

  it("behavior: it goes with its archive", async () => {
    const { names, backups } = remote();
    const { entry } = await backups.backup().result;
    await backups.remove(entry);
    expect(await names()).toEqual([]);
  });
});

describe("many conversations that came at once, after the last archive's cut", () => {
  /** A client whose conversations a restore has just brought, and which has backed up once. */
  async function restored(groups = 240) {
    const one = local(fakeInbox({ groups, messagesEach: 1, startNs }));
    const { conversations } = one.host.inbox;
    const createdAtNs = BigInt(one.clock.now()) * ns - 60_000_000_000n;
    for (const [index, each] of [...conversations.values()].entries()) each.createdAtNs = createdAtNs + BigInt(index) * 1_000n;
    const { entry: first } = await one.backups.backup().result;
    one.clock.advance(60_000);
    return { one, first, crowd: { startNs: createdAtNs - 1n, endNs: createdAtNs + BigInt(groups - 1) * 1_000n } };
  }
  const exportsOf = ({ host }: World) => vi.spyOn(host, "exportArchive").mock.calls;
  const rangesOf = (calls: ReturnType<typeof exportsOf>) => calls.map(([{ startNs: from, endNs }]) => ({ from, endNs }));

  it("default: their records come from the last archive, and no export writes them again", async () => {
    const { one, first, crowd } = await restored();
    say(one, 0, "new");
    const calls = exportsOf(one);
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ updatedFrom: first.id, counts: { conversations: 240, messages: 241 } });
    expect(rangesOf(calls)).toEqual([
      { from: first.details?.cutNs, endNs: crowd.startNs },
      { from: crowd.endNs, endNs: undefined },
    ]);
    expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
  });

  it("behavior: a message among them has all of that time exported", async () => {
    const { one, first, crowd } = await restored();
    say(one, 0, "new", crowd.startNs + 7n);
    const calls = exportsOf(one);
    const { entry } = await one.backups.backup().result;
    expect(rangesOf(calls)).toEqual([{ from: first.details?.cutNs, endNs: undefined }]);
    expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
  });

  it("behavior: one that changed, and others that came at either end of that time, are exported", async () => {
    const { one, first, crowd } = await restored();
    const { conversations } = one.host.inbox;
    const [one1, two] = [...conversations.values()].slice(100);
    one.host.change(one1?.id ?? "", { name: "Another name" });
    for (const [index, createdAtNs] of [crowd.startNs, crowd.startNs + 1n, crowd.startNs + 500n, crowd.endNs].entries()) {
      const id = hexOf(`came ${index}`, 16);
      conversations.set(id, { ...(two as NonNullable<typeof two>), id, createdAtNs, messages: new Map() });
    }
    const { entry } = await one.backups.backup().result;
    expect(entry.details).toMatchObject({ updatedFrom: first.id, counts: { conversations: 244 } });
    expect(await recordsOf(one, entry.id)).toEqual(await afresh(one));
  });

  it("behavior: a record that is exported again has no conversation counted up to the cut", async () => {
    const { one, first } = await restored(5);
    const id = [...one.host.inbox.conversations.keys()][3];
    say(one, 3, "new");
    const counts = vi.spyOn(one.host, "countMessages");
    await one.backups.backup().result;
    const { cutNs } = first.details ?? {};
    const upToCut = counts.mock.calls.filter(([, range]) => range?.startNs === undefined && range?.endNs === cutNs);
    expect(upToCut.map(([counted]) => counted)).toEqual([id]);
  });
});
