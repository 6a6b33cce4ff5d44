import { type ArchiveId, type ArchiveStore, isBackupError, maxManifestBytes } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectRefusal, expectThat } from "./expectations.ts";
import { ownCase } from "./ownCase.ts";

/** A new and empty place for each case; `reopen` gives a second store over the same place, as after a restart. */
export type StoreSetUp = () => Promise<{ store: ArchiveStore; reopen?: () => ArchiveStore; dispose?: () => Promise<void> }>;

/** What a store says of its place. */
export type StoreTraits = {
  /** Whether it can tell how full the place is. @default true */
  usage?: boolean;
};

/** What every `ArchiveStore` must do. */
export function archiveStoreContract(setUp: StoreSetUp, { usage: tellsUsage = true }: StoreTraits = {}): ContractCase[] {
  const withStore = (name: string, run: (store: ArchiveStore, reopen: () => ArchiveStore) => Promise<void>): ContractCase =>
    ownCase(setUp, name, async ({ store, reopen }) => {
      await store.open();
      await run(store, reopen ?? (() => store));
    });

  return [
    withStore("default: lists nothing in a new place", async (store) => {
      expectEqual(await idsOf(store), [], "a new place");
      expectEqual(await store.unfinished(), [], "unfinished archives of a new place");
    }),
    withStore("default: gives back the bytes that were put", async (store, reopen) => {
      const id = crypto.randomUUID();
      const archive = bytesOf(100_000);
      await store.put(id, new Blob([archive]));
      await store.putManifest(id, bytesOf(10));
      expectEqual(await read(await reopen().get(id)), archive, "the archive");
      expectEqual(await manifestsOf(reopen()), [{ id, manifest: bytesOf(10) }], "the list");
    }),
    withStore("default: keeps an empty archive", async (store) => {
      const id = crypto.randomUUID();
      await store.put(id, new Blob([]));
      expectEqual((await store.get(id)).size, 0, "its size");
    }),
    withStore("behavior: an archive without a manifest is unfinished, not listed", async (store, reopen) => {
      const id = crypto.randomUUID();
      await store.put(id, new Blob([bytesOf(10)]));
      expectEqual(await idsOf(reopen()), [], "the list");
      expectEqual(
        (await reopen().unfinished()).map((each) => each.id),
        [id],
        "the unfinished archives",
      );
      await store.putManifest(id, bytesOf(1));
      expectEqual(await idsOf(store), [id], "the list once the manifest is there");
      expectEqual(await store.unfinished(), [], "the unfinished archives once the manifest is there");
    }),
    withStore("behavior: an unfinished archive is as old as the place says, whatever this device's clock says", async (store, reopen) => {
      const id = crypto.randomUUID();
      await store.put(id, new Blob([bytesOf(10)]));
      for (const aheadMs of [400 * dayMs, -400 * dayMs]) {
        const [found] = await withClockAhead(aheadMs, () => reopen().unfinished());
        expectEqual(found?.id, id, "the unfinished archive");
        const ageMs = found?.ageMs;
        expectThat(ageMs === undefined || (ageMs >= 0 && ageMs < dayMs / 2), `its age by the place's own clock, got ${ageMs}`);
      }
    }),
    withStore("default: sizeOf: says how large an archive is, listed or not", async (store, reopen) => {
      const { sizeOf } = reopen();
      if (!sizeOf) return;
      const [id, empty] = [crypto.randomUUID(), crypto.randomUUID()];
      await store.put(id, new Blob([bytesOf(100_000)]));
      await store.put(empty, new Blob([]));
      expectEqual(await sizeOf(id), 100_000, "its size");
      await store.putManifest(id, bytesOf(1));
      expectEqual([await sizeOf(id), await sizeOf(empty)], [100_000, 0], "the sizes of a listed one and an empty one");
      await expectAbort((signal) => sizeOf(id, { signal }), "sizeOf");
    }),
    withStore("behavior: sizeOf: an unknown archive is not found, nor one that was removed", async (store) => {
      if (!store.sizeOf) return;
      const id = crypto.randomUUID();
      await expectRefusal(() => Promise.resolve(store.sizeOf?.(id)), ["ARCHIVE_NOT_FOUND"], "the size of an unknown one");
      await store.put(id, new Blob([bytesOf(10)]));
      await store.putManifest(id, bytesOf(1));
      await store.remove(id);
      await expectRefusal(() => Promise.resolve(store.sizeOf?.(id)), ["ARCHIVE_NOT_FOUND"], "the size of a removed one");
    }),
    withStore("behavior: an unlisted archive can be put again", async (store) => {
      const id = crypto.randomUUID();
      await store.put(id, new Blob([bytesOf(10)]));
      await store.put(id, new Blob([bytesOf(20)]));
      expectEqual((await store.get(id)).size, 20, "its size");
    }),
    withStore("behavior: a listed archive is never overwritten", async (store) => {
      const id = crypto.randomUUID();
      await store.put(id, new Blob([bytesOf(10)]));
      await store.putManifest(id, bytesOf(1));
      await expectRefusal(() => store.put(id, new Blob([bytesOf(20)])), ["STORE_FAILED"], "putting over it");
      expectEqual(await read(await store.get(id)), bytesOf(10), "its bytes");
    }),
    withStore("behavior: a manifest is replaced whole", async (store) => {
      const id = crypto.randomUUID();
      await store.put(id, new Blob([bytesOf(10)]));
      await store.putManifest(id, bytesOf(50));
      await store.putManifest(id, bytesOf(5));
      expectEqual(await manifestsOf(store), [{ id, manifest: bytesOf(5) }], "the list");
    }),
    withStore("behavior: remove takes archive and manifest, and only those", async (store) => {
      const [gone, kept] = [crypto.randomUUID(), crypto.randomUUID()];
      for (const id of [gone, kept]) {
        await store.put(id, new Blob([bytesOf(10)]));
        await store.putManifest(id, bytesOf(1));
      }
      await store.remove(gone);
      expectEqual(await idsOf(store), [kept], "the list");
      await expectRefusal(() => store.get(gone), ["ARCHIVE_NOT_FOUND"], "getting the removed archive");
      expectEqual(await read(await store.get(kept)), bytesOf(10), "the other archive");
      expectEqual(await store.unfinished(), [], "the unfinished archives");
    }),
    withStore("behavior: removing a missing one does nothing", async (store) => {
      await store.remove(crypto.randomUUID());
    }),
    withStore("behavior: an unknown archive is not found", async (store) => {
      await expectRefusal(() => store.get(crypto.randomUUID()), ["ARCHIVE_NOT_FOUND"], "getting it");
    }),
    withStore("parameters: id: refuses one that could leave the place", async (store) => {
      for (const id of ["../../etc/passwd", "a/b", "", "..", `${crypto.randomUUID()}/..`]) {
        await expectRefusal(() => store.get(id), ["ARCHIVE_NOT_FOUND"], `getting ${JSON.stringify(id)}`);
        await expectRefusal(() => store.put(id, new Blob([])), ["ARCHIVE_NOT_FOUND"], `putting ${JSON.stringify(id)}`);
      }
    }),
    withStore("behavior: a manifest that is too large to read is listed without its bytes, and hides no other", async (store, reopen) => {
      const [good, outsized] = [crypto.randomUUID(), crypto.randomUUID()];
      for (const id of [good, outsized]) await store.put(id, new Blob([bytesOf(10)]));
      await store.putManifest(good, bytesOf(20));
      // A place may refuse to keep one; where it does not, anybody who can write there could put one.
      const isRefused = await store.putManifest(outsized, new Uint8Array(maxManifestBytes + 1)).then(() => false, isBackupError);
      const expected = [{ id: good, manifest: bytesOf(20) }, ...(isRefused ? [] : [{ id: outsized, manifest: new Uint8Array() }])];
      const listed = (await manifestsOf(reopen())).sort((left, right) => right.manifest.length - left.manifest.length);
      expectEqual(listed, expected, "the list");
      await store.remove(outsized);
      expectEqual(await idsOf(store), [good], "the list after the removal");
    }),
    withStore("default: keeps the manifest of an inbox with tens of thousands of conversations", async (store, reopen) => {
      const id = crypto.randomUUID();
      const manifest = new Uint8Array(6 * 1024 * 1024).fill(32);
      await store.put(id, new Blob([bytesOf(10)]));
      await store.putManifest(id, manifest);
      expectEqual(
        (await manifestsOf(reopen())).map((each) => each.manifest.length),
        [manifest.length],
        "the sizes in the list",
      );
    }),
    withStore("parameters: maxBytes: gives an archive of so many bytes, and none of more", async (store, reopen) => {
      const id = crypto.randomUUID();
      await store.put(id, new Blob([bytesOf(300_000)]));
      await store.putManifest(id, bytesOf(1));
      const spooled: number[] = [];
      const spool = async (bytes: ReadableStream<Uint8Array>) => {
        const blob = await new Response(bytes).blob();
        spooled.push(blob.size);
        return blob;
      };
      expectEqual((await reopen().get(id, { maxBytes: 300_000 })).size, 300_000, "its size");
      expectEqual((await reopen().get(id, { maxBytes: 300_000, spool })).size, 300_000, "its size in the spool");
      spooled.length = 0;
      // While one of several places is away, nobody knows whether it has the right one.
      const refusals = ["STORE_MISMATCH", "STORE_UNAVAILABLE"] as const;
      await expectRefusal(() => reopen().get(id, { maxBytes: 299_999 }), [...refusals], "getting it");
      await expectRefusal(() => reopen().get(id, { maxBytes: 10, spool }), [...refusals], "getting it into the spool");
      expectEqual(spooled, [], "what was spooled");
    }),
    withStore("parameters: onProgress: grows to the size of the archive", async (store) => {
      const id = crypto.randomUUID();
      const seen: number[] = [];
      await store.put(id, new Blob([bytesOf(300_000)]), { onProgress: (doneBytes) => seen.push(doneBytes) });
      expectEqual(seen.at(-1), 300_000, "the last progress");
      expectEqual(
        seen,
        [...seen].sort((a, b) => a - b),
        "progress in order",
      );
    }),
    withStore("parameters: signal: an aborted call rejects with its reason and leaves nothing", async (store) => {
      const id = crypto.randomUUID();
      await expectAbort((signal) => store.put(id, new Blob([bytesOf(10)]), { signal }), "put");
      await expectAbort((signal) => store.get(id, { signal }), "get");
      await expectAbort((signal) => store.putManifest(id, bytesOf(1), { signal }), "putManifest");
      await expectAbort((signal) => store.open({ signal }), "open");
      await expectAbort((signal) => store.remove(id, { signal }), "remove");
      await expectAbort((signal) => store.unfinished({ signal }), "unfinished");
      await expectAbort((signal) => idsOf(store, signal), "list");
      expectEqual(await store.unfinished(), [], "the unfinished archives");
    }),
    withStore("parameters: signal: a put that is aborted half-way lists nothing", async (store) => {
      const id = crypto.randomUUID();
      const controller = new AbortController();
      const reason = new Error("Enough.");
      const archive = new Blob([bytesOf(4_000_000)]);
      const onProgress = () => controller.abort(reason);
      const outcome = await store.put(id, archive, { signal: controller.signal, onProgress }).then(
        () => "stored",
        (error: unknown) => error,
      );
      expectThat(outcome === reason || outcome === "stored", `it rejects with the reason, got ${String(outcome)}`);
      expectEqual(await idsOf(store), [], "the list");
      await store.remove(id);
      expectEqual(await store.unfinished(), [], "the unfinished archives after a removal");
    }),
    withStore("behavior: keeps many archives apart", async (store) => {
      const ids: ArchiveId[] = Array.from({ length: 25 }, () => crypto.randomUUID());
      await Promise.all(
        ids.map(async (id, index) => {
          await store.put(id, new Blob([bytesOf(index)]));
          await store.putManifest(id, bytesOf(index + 1));
        }),
      );
      expectEqual((await idsOf(store)).sort(), [...ids].sort(), "the list");
      for (const [index, id] of ids.entries()) expectEqual((await store.get(id)).size, index, "a size");
    }),
    tellsUsage
      ? withStore("default: usage: says how full the place is", saysUsage)
      : withStore("default: usage: does not guess how full the place is", knowsNoUsage),
  ];
}

const dayMs = 86_400_000;

/** Sets the clock that JavaScript tells while something begins. */
async function withClockAhead<T>(aheadMs: number, run: () => Promise<T>): Promise<T> {
  const { now } = Date;
  Date.now = () => now() + aheadMs;
  try {
    return await run();
  } finally {
    Date.now = now;
  }
}

async function saysUsage(store: ArchiveStore): Promise<void> {
  const usage = await store.usage?.();
  expectThat(usage !== undefined, "it tells how full it is");
  const { usedBytes, totalBytes } = usage;
  expectThat([usedBytes, totalBytes].every(Number.isSafeInteger), `whole bytes, got ${usedBytes} of ${totalBytes}`);
  expectThat(usedBytes >= 0 && usedBytes <= totalBytes && totalBytes > 0, `a part of the whole, got ${usedBytes} of ${totalBytes}`);
  await expectAbort((signal) => Promise.resolve(store.usage?.({ signal })), "usage");
}

async function knowsNoUsage(store: ArchiveStore): Promise<void> {
  expectEqual(await store.usage?.(), undefined, "how full it is");
}

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + length) % 251);
}

async function read(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

async function manifestsOf(store: ArchiveStore): Promise<{ id: ArchiveId; manifest: Uint8Array }[]> {
  const found: { id: ArchiveId; manifest: Uint8Array }[] = [];
  for await (const { id, manifest } of store.list()) found.push({ id, manifest: new Uint8Array(manifest) });
  return found;
}

async function idsOf(store: ArchiveStore, signal?: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.list({ signal })) ids.push(id);
  return ids;
}
