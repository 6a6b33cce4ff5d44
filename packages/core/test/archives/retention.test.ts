import type { BackupOptions, Backups } from "@xmtp-backup/core";
import { createBackups } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, type memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { backUp, newInstallation, world } from "../support/world.ts";

const dayMs = 24 * 60 * 60 * 1000;
const ids = async (backups: Backups) => (await backups.list()).map(({ id }) => id);

/** Messages come in after the export began to be counted, so that some are missing in the archive. */
function loseMessages(host: ReturnType<typeof fakeHost>): void {
  const { exportArchive } = host;
  host.exportArchive = async (request, key, options) => {
    const [first] = host.inbox.conversations.values();
    const kept = new Map(first?.messages);
    first?.messages.delete([...first.messages.keys()][0] ?? "");
    try {
      return await exportArchive.call(host, request, key, options);
    } finally {
      for (const [id, message] of kept) first?.messages.set(id, message);
    }
  };
}

/** Backups that are no whole ones, one way each. */
const parts: [string, BackupOptions][] = [
  ["of consent alone", { elements: ["consent"] }],
  ["of messages alone", { elements: ["messages"] }],
  ["of a day", { startNs: 1_700_000_000_000_000_000n, endNs: 1_700_000_002_000_000_000n }],
  ["up to a time", { endNs: 1_700_000_002_000_000_000n }],
  ["without disappearing messages", { excludeDisappearingMessages: true }],
];

describe("what pruning leaves", () => {
  it.each(parts)("behavior: backups %s push no whole archive out, and are few in the end", async (_name, options) => {
    const { backups, clock } = world({}, { policy: { keep: { last: 2 } } });
    const whole = await backUp(backups);
    for (let count = 0; count < 7; count += 1) {
      clock.advance(dayMs);
      await backups.backup(options).result;
    }
    expect(await ids(backups)).toContain(whole.id);
    expect(await ids(backups)).toHaveLength(3);
    const plan = await backups.planRetention();
    expect(plan.at(-1)?.reasons).toContainEqual({ reason: "newestWhole" });
    expect(plan[0]?.reasons.map(({ reason }) => reason)).toContain("notWhole");
    for (let count = 0; count < 2; count += 1) {
      clock.advance(dayMs);
      await backUp(backups);
    }
    const wholes = (await backups.planRetention()).filter(
      ({ action, reasons }) => action === "keep" && reasons.every(({ reason }) => reason !== "notWhole"),
    );
    expect(wholes).toHaveLength(2);
  });

  it("behavior: a store that lists each archive twice loses none for that", async () => {
    const { backups, clock, store } = world({}, { policy: { keep: { last: 2 } } });
    const list = store.list.bind(store);
    store.list = async function* (options) {
      yield* list(options);
      yield* list(options);
    };
    for (let count = 0; count < 3; count += 1) {
      clock.advance(dayMs);
      await backUp(backups);
    }
    expect(await ids(backups)).toHaveLength(2);
    expect(store.archives.size).toBe(2);
  });

  it("behavior: backups with missing messages push no complete one out", async () => {
    const { backups, clock, host } = world({}, { policy: { keep: { last: 2 } }, reuse: false });
    const whole = await backUp(backups);
    loseMessages(host);
    for (let count = 0; count < 5; count += 1) {
      clock.advance(dayMs);
      expect((await backUp(backups)).details?.missingMessages).toBe(1);
    }
    expect(await ids(backups)).toContain(whole.id);
    expect(await ids(backups)).toHaveLength(3);
  });

  it("behavior: an archive that a verification found damaged is not counted on", async () => {
    const { backups, clock, store, host, keys } = world({}, { policy: { keep: { last: 1 } } });
    const good = await backUp(backups);
    clock.advance(dayMs);
    const more = createBackups({ host, store, keys, clock, policy: { keep: { last: 3 }, verifyEvery: "1d" } });
    const bad = await backUp(more);
    store.archives.set(bad.id, new Uint8Array(bad.sizeBytes));
    await host.journal.write("policy", {
      installedAtMs: 0,
      schedule: "",
      handledWallMs: 0,
      messagesSince: 0,
      conversationsSince: 0,
      reminders: {},
      damage: { id: bad.id, code: "ARCHIVE_DAMAGED" },
    });
    const plan = await backups.planRetention();
    expect(plan.map(({ id, action }) => [id, action])).toEqual([
      [bad.id, "keep"],
      [good.id, "keep"],
    ]);
    expect(plan[0]?.reasons).toContainEqual({ reason: "notWhole", why: "damaged" });
  });
});

describe("just before an archive is removed", () => {
  /** Somebody else takes what is to stay away while pruning is planned. */
  async function pruneWhile(take: (store: ReturnType<typeof memoryStore>, newest: { id: string }) => void) {
    const { backups, store, clock } = world({}, { policy: { keep: { last: 1 } }, reuse: false });
    const first = await backUp(backups);
    clock.advance(dayMs);
    const { list } = store;
    let lists = 0;
    store.list = async function* (options) {
      yield* list.call(store, options);
      lists += 1;
      if (lists !== 1) return;
      for (const id of [...store.archives.keys()]) if (id !== first.id) take(store, { id });
    };
    const output = await backups.backup().result;
    return { output, first, store };
  }

  it.each([
    ["manifest", (store: ReturnType<typeof memoryStore>, { id }: { id: string }) => void store.manifests.delete(id)],
    ["bytes", (store: ReturnType<typeof memoryStore>, { id }: { id: string }) => void store.archives.delete(id)],
    ["last bytes", (store: ReturnType<typeof memoryStore>, { id }: { id: string }) => void store.archives.set(id, new Uint8Array(3))],
  ])("behavior: without the %s of the newest whole one nothing is removed", async (_what, take) => {
    const { output, first, store } = await pruneWhile(take);
    expect(output.prunedIds).toEqual([]);
    expect(output.pruneError).toMatchObject({ code: "STORE_MISMATCH" });
    expect(store.archives.has(first.id) && store.manifests.has(first.id)).toBe(true);
  });

  it("default: of a store that downloads only the beginning is fetched", async () => {
    const { backups, store, clock } = world({}, { policy: { keep: { last: 1 } } });
    await backUp(backups);
    clock.advance(dayMs);
    Object.assign(store, { sizeOf: undefined });
    const { get } = store;
    const read: number[] = [];
    store.get = async (id, options = {}) => {
      const blob = await get.call(store, id, options);
      if (!options.spool) return blob;
      let bytes = 0;
      const slices = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            options.signal?.throwIfAborted();
            if (bytes >= blob.size) return controller.close();
            controller.enqueue(new Uint8Array(await blob.slice(bytes, bytes + 100).arrayBuffer()));
            bytes += 100;
          },
        },
        { highWaterMark: 0 },
      );
      const spooled = await options.spool(slices);
      read.push(Math.min(bytes, blob.size));
      options.signal?.throwIfAborted();
      return spooled;
    };
    const { entry, prunedIds } = await backups.backup().result;
    expect(prunedIds).toHaveLength(1);
    expect(read).toEqual([entry.sizeBytes, 100, 100]);
  });
});

describe("archives of installations that are gone", () => {
  it("behavior: come under the rules once this one has a whole archive, which holds what they did", async () => {
    const old = world({ inbox: fakeInbox() }, { policy: { keep: { last: 2 } } });
    const first = await backUp(old.backups);
    old.clock.advance(dayMs);
    const second = await backUp(old.backups);
    const { store, keys, clock } = old;
    const { installationId } = await old.host.identity();
    const fresh = fakeHost({ inbox: fakeInbox() });
    const backups = createBackups({ host: fresh, store, keys, clock, policy: { keep: { last: 2 } } });

    clock.advance(dayMs);
    await backups.backup({ elements: ["consent"] }).result;
    const waiting = (await backups.planRetention()).filter(({ id }) => [first.id, second.id].includes(id));
    for (const { action, reasons } of waiting) expect([action, reasons]).toEqual(["keep", [{ reason: "goneFirst", installationId }]]);

    clock.advance(dayMs);
    const { entry, prunedIds } = await backups.backup().result;
    expect(prunedIds).toEqual([first.id]);
    const plan = await backups.planRetention();
    expect(plan.find(({ id }) => id === entry.id)?.action).toBe("keep");
    expect(plan.find(({ id }) => id === second.id)?.reasons).toEqual([
      { reason: "last", place: 2, of: 2 },
      { reason: "gone", installationId },
    ]);
  });

  it("behavior: stay while the inbox can't be asked, and while their installation is in it", async () => {
    for (const isKnown of [true, false]) {
      const old = world({ inbox: fakeInbox() });
      await backUp(old.backups);
      const { installationId } = await old.host.identity();
      const next = newInstallation(old, { inbox: fakeInbox(), ...(isKnown && { installations: [{ id: installationId, isOwn: false }] }) });
      if (!isKnown) next.host.failures.failNext("listInstallations", new Error("offline"), 99);
      old.clock.advance(dayMs);
      await backUp(next.backups);
      expect((await next.backups.planRetention({ last: 1 })).map(({ action, reasons }) => [action, reasons[0]])).toEqual([
        ["keep", { reason: "last", place: 1, of: 1 }],
        ["keep", { reason: "otherInstallation" }],
      ]);
    }
  });

  it.each([
    ["more messages", { messagesEach: 4 }],
    ["more conversations", { groups: 3, messagesEach: 2 }],
    ["older messages", { startNs: 1_600_000_000_000_000_000n, messagesEach: 2 }],
    ["another conversation", { groups: 1, dms: 1, messagesEach: 2 }],
  ])("behavior: stay while they hold %s than this one's newest", async (_what, held) => {
    const old = world({ inbox: fakeInbox(held) });
    const { id } = await backUp(old.backups);
    const next = newInstallation(old, { inbox: fakeInbox({ messagesEach: 3 }) });
    for (let count = 0; count < 7; count += 1) {
      old.clock.advance(dayMs);
      await backUp(next.backups);
    }
    expect(await ids(next.backups)).toContain(id);
  });
});
