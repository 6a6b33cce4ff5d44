import { type ArchiveStore, BackupError } from "@xmtp-backup/core";
import { archiveStoreContract, memoryStore, runContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { mirror, type MirrorOptions } from "../src/mirror/index.ts";
import { sealing } from "./mirror/sealing.ts";
import { switchable } from "./mirror/switchable.ts";

const twoPlaces = async () => {
  const places = [memoryStore(), memoryStore()];
  for (const place of places) place.setUsage({ usedBytes: 1, totalBytes: 10 });
  return { store: mirror(places), reopen: () => mirror(places) };
};
const oneAway = async () => {
  const [up, away] = [memoryStore(), switchable(memoryStore())];
  up.setUsage({ usedBytes: 1, totalBytes: 10 });
  away.isUp = false;
  return { store: mirror([away, up]), reopen: () => mirror([away, up]) };
};

runContract("mirror", archiveStoreContract(twoPlaces), { describe, it });
runContract("mirror's documents", storeDocumentsContract(twoPlaces), { describe, it });
// While a place is away nothing is known of what may lie there: whether an upload is unfinished, or an archive is nowhere.
const needsAll = /unfinished|half-way|unknown archive/;
runContract(
  "mirror with one place away",
  archiveStoreContract(oneAway).filter(({ name }) => !needsAll.test(name)),
  { describe, it },
);

const { keys, seal, keep, change, changed, nameOf } = sealing();

/** A mirror of two places in memory, each of which can be taken away, as devices with one archive key see it. */
function placesOf(options: MirrorOptions = {}) {
  const kept = [memoryStore(), memoryStore()] as const;
  const places = [switchable(kept[0]), switchable(kept[1])] as const;
  const open = (more: MirrorOptions = {}) => mirror(places, { keys, restMs: 0, repairs: false, ...options, ...more });
  const contents = () =>
    kept.map(({ archives, manifests }) => ({
      archives: [...archives.keys()].sort(),
      manifests: [...manifests].map(([id, bytes]) => [id, ...bytes]).sort(),
    }));
  return { kept, places, open, contents };
}

/** Resolves once a method of a place is called. */
function nextCall(place: ArchiveStore, method: "put" | "putManifest"): Promise<void> {
  return new Promise((resolve) => {
    const run = place[method].bind(place) as (...args: unknown[]) => Promise<void>;
    place[method] = (...args: unknown[]) => {
      place[method] = run;
      resolve();
      return run(...args);
    };
  });
}

async function idsOf(store: ArchiveStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.list()) ids.push(id);
  return ids.sort();
}

describe("mirror", () => {
  it("behavior: with a place away it keeps, lists and gives archives, and repairs the place later", async () => {
    const { places, open, contents } = placesOf();
    const store = open();
    const before = await keep(store, "before");
    places[1].isUp = false;
    const during = await keep(store, "during");
    expect(await idsOf(store)).toEqual([before, during].sort());
    expect(await (await store.get(during)).text()).toBe("during");
    expect(store.health()).toMatchObject([
      { isUp: true, behind: 0 },
      { isUp: false, code: "STORE_UNAVAILABLE", behind: 1 },
    ]);
    places[1].isUp = true;
    expect(await store.repair()).toEqual({ copied: [during], updated: [], removed: [], remaining: [] });
    expect(contents()[1]).toEqual(contents()[0]);
    expect(await idsOf(store)).toHaveLength(2);
    expect(store.health().map(({ behind }) => behind)).toEqual([0, 0]);
    expect(await store.repair()).toMatchObject({ copied: [], updated: [], removed: [], remaining: [] });
  });

  it("behavior: a repair begins by itself once a list finds the place back", async () => {
    const { kept, places, open } = placesOf({ repairs: true });
    const store = open();
    places[0].isUp = false;
    const id = await keep(store, "during");
    places[0].isUp = true;
    await idsOf(store);
    await expect.poll(() => kept[0].manifests.has(id)).toBe(true);
  });

  it("behavior: what was removed while a place was away does not come back, on another device neither", async () => {
    const { places, open, contents } = placesOf();
    const id = await keep(open(), "old");
    places[0].isUp = false;
    await open().remove(id);
    places[0].isUp = true;
    const other = open();
    expect(await idsOf(other)).toEqual([]);
    await expect(other.get(id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    expect(await other.repair()).toMatchObject({ removed: [id], remaining: [] });
    expect(contents()).toEqual([
      { archives: [], manifests: [] },
      { archives: [], manifests: [] },
    ]);
  });

  it("behavior: a name that was given while the first place was away is the one that is kept", async () => {
    const { places, open, contents } = placesOf();
    const store = open();
    const id = await keep(store, "unnamed");
    places[0].isUp = false;
    await change(store, id, { name: "named" });
    places[0].isUp = true;
    const other = open();
    for await (const { manifest } of other.list()) expect(await nameOf(id, manifest)).toBe("named");
    expect(await other.repair()).toMatchObject({ updated: [id], remaining: [] });
    expect(contents()[0]).toEqual(contents()[1]);
  });

  it("behavior: an upload that one place missed is finished where the other has it, and taken for garbage nowhere", async () => {
    const { places, open } = placesOf();
    const store = open();
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["whole"]));
    places[0].isUp = false;
    await store.putManifest(id, await seal(id, "whole"));
    expect(await store.unfinished()).toEqual([]);
    places[0].isUp = true;
    expect(await open().unfinished()).toEqual([]);
    const forgotten = crypto.randomUUID();
    await store.put(forgotten, new Blob(["half"]));
    expect((await open().unfinished()).map((each) => each.id)).toEqual([forgotten]);
  });

  it("behavior: a place lists no archive whose bytes it lacks", async () => {
    const { kept, places, open } = placesOf();
    const store = open();
    const id = crypto.randomUUID();
    places[1].isUp = false;
    await store.put(id, new Blob(["whole"]));
    places[1].isUp = true;
    await store.putManifest(id, await seal(id, "whole"));
    expect(kept.map(({ manifests }) => manifests.has(id))).toEqual([true, false]);
    expect(await store.repair()).toMatchObject({ copied: [id] });
    expect(kept.map(({ manifests }) => manifests.has(id))).toEqual([true, true]);
  });

  it("behavior: an archive that breaks off in one place is fetched from the other, and progress never goes back", async () => {
    const { kept, open } = placesOf();
    const store = open();
    const id = await keep(store, "x".repeat(100_000));
    kept[0].failures.failNext("get", new BackupError("STORE_UNAVAILABLE", "It broke off."));
    const seen: number[] = [];
    expect((await store.get(id, { onProgress: (doneBytes) => seen.push(doneBytes) })).size).toBe(100_000);
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
  });

  it("behavior: a place that is full keeps nothing up; one that lists the archive is never overwritten", async () => {
    const { kept, open } = placesOf();
    const store = open();
    kept[1].failures.failNext("put", new BackupError("STORE_FULL", "Full."));
    const id = await keep(store, "fits");
    expect(store.health()[1]).toMatchObject({ isUp: false, code: "STORE_FULL" });
    await expect(store.put(id, new Blob(["other"]))).rejects.toMatchObject({ code: "STORE_FAILED" });
    await store.repair();
    expect(await (await kept[1].get(id)).text()).toBe("fits");
  });

  it("behavior: with every place away the first one's error is told", async () => {
    const { places, open } = placesOf();
    for (const place of places) place.isUp = false;
    await expect(open().open()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(idsOf(open())).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(open().repair()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("parameters: restMs: a place that could not be reached is left in peace for a while", async () => {
    let now = 0;
    const { kept, places, open } = placesOf({ restMs: 1_000, now: () => now });
    const store = open();
    places[1].isUp = false;
    await keep(store, "one");
    places[1].isUp = true;
    const id = await keep(store, "two");
    expect(kept[1].archives.has(id)).toBe(false);
    now = 1_000;
    expect(kept[1].archives.has(await keep(store, "three"))).toBe(true);
  });

  it("behavior: a document is changed only while every place answers, and a change that a place missed reaches it later", async () => {
    const { kept, places, open } = placesOf();
    const store = open();
    places[1].isUp = false;
    await expect(store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    expect(kept[0].documents.has("key-ring")).toBe(false);
    places[1].isUp = true;
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    kept[1].failures.failNext("putDocument", new BackupError("STORE_UNAVAILABLE", "It broke off."));
    const revision = (await store.getDocument?.("key-ring"))?.revision;
    await store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: revision });
    expect((await open().getDocument?.("key-ring"))?.bytes).toEqual(new Uint8Array([2]));
    expect(await open().repair()).toMatchObject({ remaining: [] });
    expect(kept.map(({ documents }) => documents.get("key-ring")?.bytes)).toEqual([new Uint8Array([2]), new Uint8Array([2])]);
  });

  it("behavior: of two documents of which nothing is known neither is touched", async () => {
    const { kept, open } = placesOf();
    for (const [index, place] of kept.entries()) await place.putDocument("key-ring", new Uint8Array([index]), { replaces: undefined });
    expect(await open().repair()).toMatchObject({ remaining: [{ place: 1, code: "STORE_CONFLICT" }] });
    const revision = (await open().getDocument?.("key-ring"))?.revision;
    await expect(open().putDocument?.("key-ring", new Uint8Array([9]), { replaces: revision })).rejects.toMatchObject({
      code: "STORE_CONFLICT",
    });
    expect(kept.map(({ documents }) => documents.get("key-ring")?.bytes)).toEqual([new Uint8Array([0]), new Uint8Array([1])]);
  });

  it("behavior: a place that is new is given everything, the key ring too", async () => {
    const { kept, open, contents } = placesOf();
    const alone = kept[0];
    for (const text of ["one", "two"]) await keep(alone, text);
    await alone.putDocument("key-ring", new Uint8Array([1]), { replaces: undefined });
    const progress: [number, number][] = [];
    expect((await open().repair({ onProgress: (...each) => progress.push(each) })).copied).toHaveLength(2);
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(contents()[1]).toEqual(contents()[0]);
    expect(kept[1].documents.get("key-ring")?.bytes).toEqual(new Uint8Array([1]));
  });

  it("behavior: a change while a repair runs is not undone by what the repair had read before", async () => {
    const { kept, places, open } = placesOf();
    const store = open();
    const [first, second] = [await keep(store, "first"), await keep(store, "second")];
    places[0].isUp = false;
    for (const id of [first, second]) await change(store, id, { name: "during" });
    places[0].isUp = true;
    const [release, reached] = [kept[0].failures.holdNext("putManifest"), nextCall(places[0], "putManifest")];
    const latest = await changed(store, second, { name: "latest" });
    const repairing = store.repair();
    await reached;
    await store.putManifest(second, latest);
    release();
    await repairing;
    await open().repair();
    expect(kept.map(({ manifests }) => manifests.get(second))).toEqual([latest, latest]);
  });

  it("behavior: what is removed is not listed again by a name that comes late", async () => {
    const { kept, open } = placesOf();
    const store = open();
    const id = await keep(store, "old");
    await idsOf(store);
    await store.remove(id);
    await store.putManifest(id, new Uint8Array([1])).catch(() => undefined);
    expect(kept.map(({ manifests }) => manifests.size)).toEqual([0, 0]);
  });

  it("behavior: a repair that is waited for does not outlast its caller's patience, and one that was given up is made anew", async () => {
    const { kept, places, open } = placesOf();
    const store = open();
    places[1].isUp = false;
    const id = await keep(store, "during");
    places[1].isUp = true;
    kept[1].failures.holdNext("put");
    const reached = nextCall(places[1], "put");
    const [first, second, reason] = [new AbortController(), new AbortController(), new Error("Enough.")];
    const running = store.repair({ signal: first.signal });
    const waiting = store.repair({ signal: second.signal });
    const patient = store.repair();
    await reached;
    second.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    first.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(await patient).toMatchObject({ copied: [id] });
  });

  it("behavior: an abort ends a wait for the change before", async () => {
    const { kept, open } = placesOf();
    const store = open();
    const [id, controller, reason] = [await keep(store, "one"), new AbortController(), new Error("Enough.")];
    const release = kept[1].failures.holdNext("putManifest");
    const renamed = store.putManifest(id, new Uint8Array([1]));
    const removed = store.remove(id, { signal: controller.signal });
    controller.abort(reason);
    await expect(removed).rejects.toBe(reason);
    release();
    await renamed;
    expect(kept.map(({ manifests }) => manifests.has(id))).toEqual([true, true]);
  });

  it("behavior: a place that is full is given nothing more by this repair, and is not tried again at once", async () => {
    let now = 0;
    const { kept, places, open } = placesOf({ repairs: true, restMs: 1_000, now: () => now });
    places[1].isUp = false;
    for (const text of ["one", "two", "three"]) await keep(open(), text);
    places[1].isUp = true;
    const store = open();
    kept[1].failures.failNext("put", new BackupError("STORE_FULL", "Full."), 2);
    expect((await store.repair()).remaining).toMatchObject([{ place: 1, code: "STORE_FULL" }]);
    await idsOf(store);
    expect(await store.repair()).toMatchObject({ copied: [], remaining: [{ place: 1, code: "STORE_FULL" }] });
    now = 1_000;
    await idsOf(store);
    await expect.poll(() => kept[1].manifests.size).toBe(3);
  });

  it("parameters: signal: a repair that began by itself ends with it", async () => {
    const [controller, { kept, places, open }] = [new AbortController(), placesOf()];
    places[1].isUp = false;
    await keep(open(), "during");
    places[1].isUp = true;
    const store = open({ repairs: true, signal: controller.signal });
    kept[1].failures.holdNext("put");
    const reached = nextCall(places[1], "put");
    await idsOf(store);
    await reached;
    controller.abort(new Error("The app closes."));
    await store.repair();
    expect(kept[1].manifests.size).toBe(1);
  });

  it("parameters: spool: what a repair copies is kept outside memory, and released", async () => {
    const { kept, open } = placesOf();
    await keep(kept[0], "alone");
    const get = kept[0].get;
    const files: string[] = [];
    const from = {
      ...kept[0],
      get: async (...[id, options]: Parameters<ArchiveStore["get"]>) => (await options?.spool?.((await get(id)).stream())) ?? new Blob([]),
    };
    const spool = async (bytes: ReadableStream<Uint8Array>) => {
      files.push("made");
      return {
        blob: await new Response(bytes as ReadableStream<Uint8Array<ArrayBuffer>>).blob(),
        release: async () => void files.push("released"),
      };
    };
    expect((await mirror([from, kept[1]], { keys, spool }).repair()).copied).toHaveLength(1);
    expect(files).toEqual(["made", "released"]);
    expect(await (await open().get([...kept[1].archives.keys()][0] ?? "")).text()).toBe("alone");
  });

  it("behavior: a place that is left in peace is asked last for an archive", async () => {
    const { kept, places, open } = placesOf({ restMs: 1_000, now: () => 0 });
    const store = open();
    const id = await keep(store, "one");
    places[0].isUp = false;
    await keep(store, "two");
    places[0].isUp = true;
    kept[0].failures.failNext("get", new BackupError("STORE_FAILED", "It was asked."));
    expect(await (await store.get(id)).text()).toBe("one");
    await expect(kept[0].get(id)).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("behavior: a change of a document whose answer is lost leaves one that the next repair makes whole", async () => {
    const { kept, places, open } = placesOf();
    const store = open();
    await store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined });
    const revision = (await store.getDocument?.("key-ring"))?.revision;
    const put = places[0].putDocument?.bind(places[0]) ?? kept[0].putDocument;
    places[0].putDocument = async (name, ...rest) => {
      await put(name, ...rest);
      if (name === "key-ring") throw new BackupError("STORE_UNAVAILABLE", "The answer was lost.");
    };
    await expect(store.putDocument?.("key-ring", new Uint8Array([2]), { replaces: revision })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    places[0].putDocument = put;
    expect(await open().repair()).toMatchObject({ remaining: [] });
    expect(kept.map(({ documents }) => documents.get("key-ring")?.bytes)).toEqual([new Uint8Array([2]), new Uint8Array([2])]);
  });

  it("behavior: second versions of a document that a place tells of are told", async () => {
    const [one, other] = [memoryStore(), memoryStore()];
    await one.putDocument("key-ring", new Uint8Array([1]), { replaces: undefined });
    const document = one.documents.get("key-ring")!;
    one.documents.set("key-ring", { ...document, copies: ["key-ring (2).json"] });
    expect(await mirror([one, other]).getDocument?.("key-ring")).toMatchObject({ copies: ["key-ring (2).json"] });
  });

  it("parameters: stores: one place is no mirror", () => {
    expect(() => mirror([memoryStore()])).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  });
});
