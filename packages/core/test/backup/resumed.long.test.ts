import { type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import {
  type ArchiveId,
  type BackupOptions,
  createBackups,
  type ExportRequest,
  generateArchiveKey,
  type Json,
  type TaskState,
} from "@xmtp-backup/core";
import {
  type FakeConversation,
  fakeHost,
  type FakeHost,
  fakeInbox,
  memoryJournal,
  memoryKept,
  memoryKeys,
  memoryStore,
} from "@xmtp-backup/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { partsOf, world } from "../support/world.ts";

const startNs = 1_767_200_000_000_000_000n;
const messages = 21_000;
const minuteMs = 60_000;
const key = generateArchiveKey();
/** What a device has after its backup was killed in its fifth export. */
let afterAKill: { notes: Map<string, string>; archives: Map<string, Blob> } | undefined;

/** A device with three conversations of 7,000 messages each, whose backup has five slices. */
function device() {
  const notes = new Map<string, string>();
  const kept = memoryKept();
  const first = world({ inbox: fakeInbox({ groups: 3, messagesEach: messages / 3, startNs }), journal: memoryJournal(notes), kept });
  first.clock.advance(30 * 86_400_000);
  const firstKeys = memoryKeys(key);
  const { inbox } = first.host;

  /** A process on it, which counts its exports. */
  function open(changes: { keys?: ReturnType<typeof memoryKeys>; installationId?: string } = {}) {
    const host = fakeHost({
      inbox,
      journal: memoryJournal(notes),
      kept,
      installationId: "ab".repeat(32),
      features: { parallelExports: 1 },
      ...changes,
    });
    Object.assign(host, { primitives: nodePrimitives });
    const { store, clock } = first;
    const backups = createBackups({ ...partsOf({ host, store, keys: changes.keys ?? firstKeys, clock }) });
    return { host, backups, requests: requestsOf(host) };
  }
  return { ...first, keys: firstKeys, key, open, notes, kept, inbox };
}

function requestsOf(host: FakeHost): ExportRequest[] {
  const requests: ExportRequest[] = [];
  const exportArchive = host.exportArchive.bind(host);
  vi.spyOn(host, "exportArchive").mockImplementation((request, key, options) => {
    requests.push(request);
    return exportArchive(request, key, options);
  });
  return requests;
}

/** Stops a process for ever in one of its exports, as a kill does; its lock is another one's afterwards. */
async function killedIn(
  { host, backups }: ReturnType<ReturnType<typeof device>["open"]>,
  exportNumber: number,
  options: BackupOptions = {},
) {
  let calls = 0;
  const exportArchive = host.exportArchive.bind(host);
  const reached = new Promise<void>((resolve) => {
    host.exportArchive = async (...args) => {
      calls += 1;
      if (calls !== exportNumber) return exportArchive(...args);
      resolve();
      return new Promise(() => undefined);
    };
  });
  backups.backup(options).result.catch(() => undefined);
  // One export at a time: those before it have ended, and are noted.
  await reached;
}

/** Kills a backup of the device in its fifth export. Only the first device goes through it, and every other one has what is left then. */
async function killedInItsFifth({ open, notes, kept }: ReturnType<typeof device>): Promise<void> {
  if (!afterAKill) {
    await killedIn(open(), 5);
    afterAKill = { notes: new Map(notes), archives: new Map(kept.archives) };
    return;
  }
  for (const [name, text] of afterAKill.notes) notes.set(name, text);
  for (const [name, blob] of afterAKill.archives) kept.archives.set(name, blob);
}

const ofMessages = (requests: readonly ExportRequest[]) => requests.filter(({ elements }) => elements.includes("messages"));
const noteOf = async (host: FakeHost) => (await host.journal.read("slices")) as { slices: { index: number }[]; cuts: string[] } | undefined;

describe("a backup that was killed", () => {
  let one: ReturnType<typeof device>;
  beforeEach(() => {
    one = device();
  });

  it.each([2, 4, 6])("default: in its export %i, goes on with the slices that it had", { timeout: 60_000 }, async (exportNumber) => {
    await killedIn(one.open(), exportNumber);
    const keptSlices = exportNumber - 2;
    expect(one.kept.archives.size).toBe(keptSlices);
    const next = one.open();
    await next.backups.start();
    next.backups.stop();
    const done: number[] = [];
    const task = next.backups.backup();
    task.state$.subscribe((state: TaskState<string>) => {
      if (state.status === "running" && state.stage === "exporting" && state.progress.kind === "determinate")
        done.push(state.progress.done);
    });
    const { entry } = await task.result;
    expect(ofMessages(next.requests)).toHaveLength(5 - keptSlices);
    expect(next.requests.filter(({ elements }) => elements.includes("consent"))).toHaveLength(1);
    expect(done[0] ?? 0).toBeGreaterThanOrEqual(keptSlices * 3_500);
    expect(entry.details).toMatchObject({ counts: { conversations: 3, messages, consentRecords: 3 } });
    expect(entry.details).not.toHaveProperty("lacks");
    expect([one.kept.archives.size, await noteOf(next.host), next.host.unreleased]).toEqual([0, undefined, 0]);
  });

  /** Kills a backup in its fifth export, changes the world, and says how many slices the next one exports again. */
  async function exportedAgain(change: (one: ReturnType<typeof device>) => unknown, opened = {}) {
    await killedInItsFifth(one);
    expect(one.kept.archives.size).toBe(3);
    await change(one);
    const next = one.open(opened);
    const { entry } = await next.backups.backup().result;
    return { entry, exports: ofMessages(next.requests).length };
  }
  const whenNothingChanged = 2;
  const all = 5;

  function firstMessages() {
    const [conversation] = one.inbox.conversations.values();
    if (!conversation) throw new Error("The inbox is smaller than it was.");
    return conversation.messages;
  }

  it("behavior: a message that came late has its slice exported again", { timeout: 60_000 }, async () => {
    const { entry, exports } = await exportedAgain(() => {
      const id = "0f".repeat(32);
      firstMessages().set(id, { id, text: "late", sentAtNs: startNs + 5_000_000_001n, senderInboxId: "0b".repeat(32) });
    });
    expect([exports, entry.details?.counts.messages]).toEqual([whenNothingChanged + 1, messages + 1]);
  });

  it("behavior: a message that is gone has its slice exported again", { timeout: 60_000 }, async () => {
    const { entry, exports } = await exportedAgain(() => {
      const [id] = firstMessages().keys();
      firstMessages().delete(id as string);
    });
    expect([exports, entry.details?.counts.messages]).toEqual([whenNothingChanged + 1, messages - 1]);
  });

  /** Lets the store fail, so that every slice is kept that may be, changes the world, and backs up once more. */
  async function afterTheStoreFailed(change: () => void, options: BackupOptions = {}, earlier: BackupOptions = options) {
    one.store.failures.failNext("put", new Error("offline"));
    await expect(one.open().backups.backup(earlier).result).rejects.toMatchObject({ code: "STORE_FAILED" });
    const sizes = one.kept.archives.size;
    change();
    const next = one.open();
    const { entry } = await next.backups.backup(options).result;
    return { entry, kept: sizes, exports: ofMessages(next.requests).length };
  }

  async function messageOf(archive: ArchiveId, id: string) {
    for await (const record of readArchive(await one.store.get(archive), one.key, { primitives: nodePrimitives })) {
      if (record.kind === "message" && record.message.id === id) return record.message;
    }
    return undefined;
  }

  it("behavior: one message went and one came since: the last slice is open, and is exported again", { timeout: 60_000 }, async () => {
    const id = "0f".repeat(32);
    const { entry, kept, exports } = await afterTheStoreFailed(() => {
      one.clock.advance(60 * minuteMs);
      const last = [...one.inbox.conversations.values()].at(-1) as FakeConversation;
      last.messages.delete([...last.messages.keys()].at(-5) as string);
      last.messages.set(id, { id, text: "new", sentAtNs: BigInt(one.clock.now()) * 1_000_000n, senderInboxId: "0b".repeat(32) });
    });
    expect([kept, exports]).toEqual([all - 1, 1]);
    expect(await messageOf(entry.id, id)).toMatchObject({ id });
  });

  it("parameters: endNs: a slice that ends shortly before its export is not kept", { timeout: 60_000 }, async () => {
    const endNs = BigInt(one.clock.now() - 50 * minuteMs) * 1_000_000n;
    expect(await afterTheStoreFailed(() => one.clock.advance(60 * minuteMs), { endNs })).toMatchObject({ kept: all - 1, exports: 1 });
  });

  it("behavior: a message that was not sent yet has its slice exported again, and is sent in the next archive", {
    timeout: 60_000,
  }, async () => {
    const [id] = [...firstMessages().keys()].slice(100);
    const sentLater = one.open();
    const exportArchive = sentLater.host.exportArchive.bind(sentLater.host);
    sentLater.host.exportArchive = async (request, key, options) => {
      const archive = await exportArchive(request, key, options);
      async function* records(): AsyncGenerator<ArchiveRecord> {
        for await (const record of readArchive(archive.blob, key, { primitives: nodePrimitives })) {
          const isUnsent = record.kind === "message" && record.message.id === id;
          yield isUnsent ? { ...record, message: { ...record.message, deliveryStatus: "unpublished" } } : record;
        }
      }
      return {
        ...archive,
        blob: await new Response(
          writeArchive(records(), key, { primitives: nodePrimitives }) as ReadableStream<Uint8Array<ArrayBuffer>>,
        ).blob(),
      };
    };
    one.store.failures.failNext("put", new Error("offline"));
    await expect(sentLater.backups.backup().result).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect((await noteOf(sentLater.host))?.slices.map(({ index }) => index).sort()).toEqual([1, 2, 3]);
    const next = one.open();
    const { entry } = await next.backups.backup().result;
    expect(ofMessages(next.requests)).toHaveLength(2);
    expect(await messageOf(entry.id, id as string)).toMatchObject({ deliveryStatus: "published" });
  });

  it.each<[string, BackupOptions, BackupOptions, number]>([
    ["another's", {}, { fresh: true }, 5],
    ["those of another fresh one", { fresh: true }, { fresh: true }, 1],
  ])(
    "parameters: fresh: it goes on with no slices but its own kind's: %s",
    { timeout: 60_000 },
    async (_whose, earlier, later, exports) => {
      expect(await afterTheStoreFailed(() => undefined, later, earlier)).toMatchObject({ kept: all - 1, exports });
    },
  );

  it("behavior: a backup that keeps none leaves another's when it fails or is cancelled", { timeout: 60_000 }, async () => {
    await killedInItsFifth(one);
    const short = { startNs: startNs + 20_000_000_000_000n };
    const failing = one.open();
    failing.host.failures.failNext("exportArchive", new Error("no space left on device"));
    await expect(failing.backups.backup(short).result).rejects.toMatchObject({ code: expect.any(String) as string });
    const cancelled = one.open();
    const task = cancelled.backups.backup(short);
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "merging" }), { timeout: 20_000, interval: 1 });
    await task.cancel();
    expect(one.kept.archives.size).toBe(3);
    const last = one.open();
    await last.backups.backup().result;
    expect(ofMessages(last.requests)).toHaveLength(whenNothingChanged);
  });

  it("behavior: a conversation with another name has the slice exported again in which it was created", { timeout: 60_000 }, async () => {
    const { entry, exports } = await exportedAgain(({ inbox }) => {
      const [conversation] = inbox.conversations.values();
      if (!conversation) throw new Error("The inbox is smaller than it was.");
      Object.assign(conversation, { name: "Renamed", changes: (conversation.changes ?? 0) + 1 });
    });
    expect(exports).toBe(whenNothingChanged + 1);
    const next = one.open();
    expect((await next.backups.inspect(entry)).conversations.map(({ name }) => name)).toContain("Renamed");
  });

  it("behavior: a conversation that is new there has its slice exported again", { timeout: 60_000 }, async () => {
    const { exports, entry } = await exportedAgain(({ inbox }) => {
      const [conversation] = inbox.conversations.values();
      if (!conversation) throw new Error("The inbox is smaller than it was.");
      inbox.conversations.set("0c".repeat(16), { ...conversation, id: "0c".repeat(16), messages: new Map() });
    });
    expect([exports, entry.details?.counts.conversations]).toEqual([whenNothingChanged + 1, 4]);
  });

  it.each<[string, (archives: Map<string, Blob>, names: string[]) => unknown]>([
    ["damaged", async (archives, [name = ""]) => archives.set(name, await flipped(archives.get(name)))],
    ["cut short", (archives, [name = ""]) => archives.set(name, (archives.get(name) as Blob).slice(0, 5_000))],
    ["gone", (archives, [name = ""]) => archives.delete(name)],
    ["another's place", (archives, [name = "", other = ""]) => archives.set(name, archives.get(other) as Blob)],
  ])("behavior: a kept slice that is %s is exported again", { timeout: 60_000 }, async (_what, change) => {
    const { entry, exports } = await exportedAgain(({ kept }) => change(kept.archives, [...kept.archives.keys()]));
    expect([exports, entry.details?.counts.messages]).toEqual([whenNothingChanged + 1, messages]);
  });

  it("behavior: a note that somebody forged brings in no slice of another range", { timeout: 60_000 }, async () => {
    const { entry, exports } = await exportedAgain(async ({ open }) => {
      const { host } = open();
      const note = (await noteOf(host)) as { slices: { index: number }[] } & Json;
      const [first, second] = note.slices;
      if (!first || !second) throw new Error("The note has no slices.");
      [first.index, second.index] = [second.index, first.index];
      await host.journal.write("slices", note);
    });
    expect([exports, entry.details?.counts.messages]).toEqual([whenNothingChanged + 2, messages]);
  });

  it.each<[string, (one: ReturnType<typeof device>) => unknown, object]>([
    ["after days", ({ clock }) => clock.advance(4 * 86_400_000), {}],
    ["with another key", () => undefined, { keys: memoryKeys(crypto.getRandomValues(new Uint8Array(32))) }],
    ["on another installation", () => undefined, { installationId: "cd".repeat(32) }],
  ])("behavior: %s everything is exported again", { timeout: 60_000 }, async (_when, change, opened) => {
    const { entry, exports } = await exportedAgain(change, opened);
    expect([exports, entry.details?.counts.messages]).toEqual([all, messages]);
    expect(one.kept.archives.size).toBe(0);
  });

  it("behavior: a backup of something else does not go on with them, and leaves them if it keeps none", { timeout: 60_000 }, async () => {
    await killedInItsFifth(one);
    const next = one.open();
    const { entry } = await next.backups.backup({ startNs: startNs + 20_000_000_000_000n }).result;
    expect(entry.details?.counts.messages).toBe(1_000);
    expect(one.kept.archives.size).toBe(3);
    const again = one.open();
    await again.backups.backup().result;
    expect(ofMessages(again.requests)).toHaveLength(whenNothingChanged);
  });

  it("behavior: the next start leaves them for days, and then removes them", { timeout: 60_000 }, async () => {
    await killedIn(one.open(), 4);
    await one.kept.put("slice-of-nobody-1", new Blob(["x"]));
    await one.kept.put("whole-1", new Blob(["x"]));
    const start = async () => {
      const { backups } = one.open();
      await backups.start();
      backups.stop();
    };
    await start();
    expect(one.kept.archives.size).toBe(3);
    one.clock.advance(4 * 86_400_000);
    await start();
    expect([...one.kept.archives.keys()]).toEqual(["whole-1"]);
    expect(await noteOf(one.open().host)).toBeUndefined();
  });

  it("behavior: a cancel removes them, and a failure of the store keeps them", { timeout: 60_000 }, async () => {
    const failing = one.open();
    one.store.failures.failNext("put", new Error("offline"));
    await expect(failing.backups.backup().result).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(one.kept.archives.size).toBe(all - 1);
    const next = one.open();
    const task = next.backups.backup();
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "merging" }), { timeout: 20_000, interval: 1 });
    expect(ofMessages(next.requests)).toHaveLength(1);
    await task.cancel();
    expect([one.kept.archives.size, await noteOf(next.host)]).toEqual([0, undefined]);
  });

  it("behavior: a device without room, or that can't keep them, backs up all the same", { timeout: 60_000 }, async () => {
    const full = one.open();
    // It fills up after the backup has begun.
    vi.spyOn(full.host, "freeBytes").mockResolvedValueOnce(undefined).mockResolvedValue(5_000_000);
    await killedIn(full, 4);
    expect(one.kept.archives.size).toBe(0);
    const broken = one.open();
    for (let count = 0; count < 40; count += 1) one.kept.failures.failNext("put", new Error("the disk is gone"));
    const { entry } = await broken.backups.backup().result;
    expect(entry.details?.counts.messages).toBe(messages);
    expect([one.kept.archives.size, broken.host.unreleased]).toEqual([0, 0]);
  });

  it("behavior: where nobody counts changes, they are taken for an hour", { timeout: 60_000 }, async () => {
    const uncounted = () => {
      const opened = one.open();
      delete (opened.host as { revisionOf?: unknown }).revisionOf;
      return opened;
    };
    await killedIn(uncounted(), 4);
    one.clock.advance(50 * minuteMs);
    await killedIn(uncounted(), 3);
    one.clock.advance(50 * minuteMs);
    const last = uncounted();
    await last.backups.backup().result;
    expect(ofMessages(last.requests)).toHaveLength(all - 1);
  });

  it("behavior: while another process makes the backup, this one touches nothing of it", { timeout: 60_000 }, async () => {
    const lock = one.host.lock;
    const first = one.open();
    Object.assign(first.host, { lock });
    const second = one.open();
    const backups = createBackups({ ...partsOf({ ...one, host: Object.assign(second.host, { lock }) }) });
    await killedIn({ ...first, backups: createBackups({ ...partsOf({ ...one, host: first.host }) }) }, 4);
    await backups.start();
    backups.stop();
    await expect(backups.backup().result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    expect(one.kept.archives.size).toBe(2);
    expect((await noteOf(second.host))?.slices).toHaveLength(2);
  });

  it("behavior: neither the note nor what is kept opens without the archive key", { timeout: 60_000 }, async () => {
    await killedIn(one.open(), 4);
    const text = JSON.stringify([...one.notes.values()]);
    expect(text).not.toContain(Buffer.from(one.key).toString("hex"));
    expect(text).not.toContain(Buffer.from(one.key).toString("base64"));
    for (const blob of one.kept.archives.values()) {
      expect(Buffer.from(await blob.arrayBuffer()).includes("Message 1")).toBe(false);
      await expect(one.open().backups.inspect(blob, { key: one.key })).rejects.toThrow();
    }
  });
});

describe("a short backup", () => {
  it("default: keeps nothing", async () => {
    const kept = memoryKept();
    const put = vi.spyOn(kept, "put");
    await world(
      { kept },
      { store: Object.assign(memoryStore(), { features: { ...memoryStore().features, local: true } }) },
    ).backups.backup().result;
    expect(put).not.toHaveBeenCalled();
  });
});

async function flipped(blob: Blob | undefined): Promise<Blob> {
  const bytes = new Uint8Array(await (blob as Blob).arrayBuffer());
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] as number) ^ 1;
  return new Blob([bytes]);
}
