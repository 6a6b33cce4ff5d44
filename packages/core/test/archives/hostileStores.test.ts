import { type ArchiveStore, createBackups, isBackupError, maxManifestBytes } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world, partsOf } from "../support/world.ts";

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));
const oneMib = 1_048_576;

/** A store that gives a stream of archives instead of bytes at hand, as remote ones do, and counts what is read of it. */
function pouring(store: ArchiveStore, totalBytes: number): ArchiveStore & { poured: () => number } {
  let bytes = 0;
  return {
    ...store,
    features: { local: false },
    poured: () => bytes,
    async get(_id, { spool } = {}) {
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (bytes >= totalBytes) return controller.close();
          bytes += oneMib;
          controller.enqueue(new Uint8Array(oneMib));
        },
      });
      return spool ? spool(stream) : new Response(stream).blob();
    },
  };
}

describe("a store that gives too much", () => {
  it("behavior: a manifest that is too large is listed as damaged beside the others, and its archive can be removed", async () => {
    const { backups, store } = world();
    const [one, other] = [await backUp(backups, "One"), await backUp(backups, "Other")];
    store.manifests.set(other.id, new Uint8Array(maxManifestBytes + 1));
    expect((await backups.list()).map(({ id, seal }) => [id, seal]).sort()).toEqual(
      [
        [one.id, "open"],
        [other.id, "damaged"],
      ].sort(),
    );
    for (const call of [
      () => backups.verify(other.id),
      () => backups.rename(other.id, "Name"),
      () => backups.restore({ ...other }).result,
    ]) {
      expect(await call().catch(codeOf)).toBe("ARCHIVE_DAMAGED");
    }
    expect([store.manifests.get(other.id)?.length, store.archives.get(other.id)?.length]).toEqual([maxManifestBytes + 1, other.sizeBytes]);
    await backups.remove(other.id);
    expect((await backups.list()).map(({ id }) => id)).toEqual([one.id]);
  });

  it("behavior: a store without bounds of its own holds nothing up", async () => {
    const { host, store, keys, clock, backups } = world();
    const { id } = await backUp(backups);
    const unbounded: ArchiveStore = {
      ...store,
      async *list(options) {
        yield { id: crypto.randomUUID(), manifest: new Uint8Array(maxManifestBytes + 1).fill(91) };
        yield* store.list(options);
      },
    };
    const parse = vi.spyOn(JSON, "parse");
    const entries = await createBackups({ host, store: unbounded, keys, clock }).list();
    expect(entries.map(({ seal }) => seal).sort()).toEqual(["damaged", "open"]);
    expect(entries.find(({ seal }) => seal === "open")?.id).toBe(id);
    for (const [text] of parse.mock.calls) expect(text.length).toBeLessThan(maxManifestBytes);
    parse.mockRestore();
  });

  it("behavior: the size that is known is asked for wherever an archive is fetched", async () => {
    const one = world();
    const get = vi.spyOn(one.store, "get");
    const entry = await backUp(one.backups);
    await one.backups.verify(entry.id);
    await newInstallation(one).backups.restore(entry).result;
    await one.backups.inspect(entry);
    expect(get.mock.calls.map(([, options]) => options?.maxBytes)).toEqual([
      entry.sizeBytes,
      entry.sizeBytes,
      entry.sizeBytes,
      entry.sizeBytes,
    ]);
  });

  it("behavior: no more than was stored is kept of a download that does not end", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const store = pouring(one.store, 500 * oneMib);
    const backups = createBackups({ ...partsOf(one), store });
    for (const call of [() => backups.verify(entry.id), () => backups.restore(entry).result, () => backups.inspect(entry)]) {
      const before = store.poured();
      expect(await call().catch(codeOf)).toBe("ARCHIVE_DAMAGED");
      expect(store.poured() - before).toBeLessThanOrEqual(3 * oneMib);
    }
    expect((await one.backups.list()).map(({ seal }) => seal)).toEqual(["open"]);
  });

  it("behavior: a backup that is not given back as it was stored is not listed", async () => {
    const one = world();
    const store = pouring(one.store, 500 * oneMib);
    const backups = createBackups({ ...partsOf(one), store });
    expect(await backups.backup().result.catch(codeOf)).toBe("STORE_MISMATCH");
    expect(store.poured()).toBeLessThanOrEqual(3 * oneMib);
    expect(await backups.list()).toEqual([]);
  });

  it("behavior: of other bytes in an archive's place nothing is decoded", async () => {
    const { backups, store } = world();
    const { id, sizeBytes } = await backUp(backups);
    const bytes = store.archives.get(id);
    store.archives.set(id, new Uint8Array(sizeBytes).fill(1));
    expect(await backups.verify(id).catch(codeOf)).toBe("ARCHIVE_DAMAGED");
    if (bytes) store.archives.set(id, bytes);
    expect((await backups.verify(id)).details?.verifiedAtMs).toBeTypeOf("number");
  });
});
