import { chown, mkdir, readdir, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { putInChild } from "../../test/support/putInChild.ts";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { fileStore } from "./fileStore.ts";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

describe("fileStore", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.dispose());

  it("behavior: files are readable by their owner only", async () => {
    const store = fileStore({ directory: join(folder.path, "archives") });
    const id = crypto.randomUUID();
    await store.open();
    await store.put(id, new Blob(["x"]));
    await store.putManifest(id, new Uint8Array([1]));
    const modes = await Promise.all(
      (await readdir(join(folder.path, "archives"))).map(async (name) => (await stat(join(folder.path, "archives", name))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600]);
    expect((await stat(join(folder.path, "archives"))).mode & 0o777).toBe(0o700);
  });

  it("behavior: files of other programs are left alone", async () => {
    await writeFile(join(folder.path, "notes.manifest.json"), "{}");
    await writeFile(join(folder.path, "photo.xmtp"), "x");
    const store = fileStore({ directory: folder.path });
    const found = [];
    for await (const each of store.list()) found.push(each);
    expect(found).toEqual([]);
    expect(await store.unfinished()).toEqual([]);
    expect((await readdir(folder.path)).sort()).toEqual(["notes.manifest.json", "photo.xmtp"]);
  });

  it("behavior: a write that was cut off by a kill is unfinished and can be removed", async () => {
    const store = fileStore({ directory: folder.path });
    const id = crypto.randomUUID();
    await writeFile(join(folder.path, `${id}.xmtp.${crypto.randomUUID()}.part`), "half");
    expect((await store.unfinished()).map((each) => each.id)).toEqual([id]);
    await store.remove(id);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("behavior: says how full the disk is, and that a folder which is not there can't be asked", async () => {
    const { usedBytes = 0, totalBytes = 0 } = (await fileStore({ directory: folder.path }).usage?.()) ?? {};
    expect(totalBytes).toBeGreaterThan(1_000_000);
    expect(usedBytes).toBeLessThanOrEqual(totalBytes);
    const missing = fileStore({ directory: join(folder.path, "mount"), create: false });
    await expect(missing.usage?.()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("behavior: an archive whose manifest was being replaced when a kill came stays listed, and is not unfinished", async () => {
    const store = fileStore({ directory: folder.path });
    const id = crypto.randomUUID();
    await store.put(id, new Blob(["x"]));
    await store.putManifest(id, new Uint8Array([1]));
    await writeFile(join(folder.path, `${id}.manifest.json.${crypto.randomUUID()}.part`), "half");
    expect(await store.unfinished()).toEqual([]);
    await store.remove(id);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("behavior: an archive whose manifest is a placeholder is neither missing nor garbage, and is removed whole", async () => {
    const store = fileStore({ directory: folder.path });
    const [here, away] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [here, away]) await store.put(id, new Blob(["x"]));
    await store.putManifest(here, new Uint8Array([1]));
    await writeFile(join(folder.path, `.${away}.manifest.json.icloud`), "bplist00");
    const listed: string[] = [];
    const listing = async () => {
      for await (const { id } of store.list()) listed.push(id);
    };
    await expect(listing()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      shortMessage: expect.stringContaining("1 archives") as string,
    });
    expect(listed).toEqual([here]);
    expect(await store.unfinished()).toEqual([]);
    await expect(store.put(away, new Blob(["y"]))).rejects.toMatchObject({ code: "STORE_FAILED" });
    await store.remove(away);
    expect((await readdir(folder.path)).sort()).toEqual([`${here}.manifest.json`, `${here}.xmtp`]);
  });

  it("behavior: an archive that has not come yet is told from one that is not there", async () => {
    const store = fileStore({ directory: folder.path });
    const [synced, evicted] = [crypto.randomUUID(), crypto.randomUUID()];
    await store.putManifest(synced, new Uint8Array([1]));
    await writeFile(join(folder.path, `.${evicted}.xmtp.icloud`), "bplist00");
    for (const id of [synced, evicted]) await expect(store.get(id)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    await expect(store.get(crypto.randomUUID())).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
  });

  it("behavior: an archive that comes with an old date is no garbage while its manifest may still come", async () => {
    const store = fileStore({ directory: folder.path });
    const [id, arriving] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const each of [id, arriving]) await store.put(each, new Blob(["x"]));
    await utimes(join(folder.path, `${id}.xmtp`), 1, 1);
    await writeFile(join(folder.path, `.syncthing.${arriving}.manifest.json.tmp`), "half");
    const [found, ...others] = await store.unfinished();
    expect([found?.id, others]).toEqual([id, []]);
    expect(found?.ageMs).toBeLessThan(60_000);
  });

  it("behavior: second versions that a sync program kept list an archive once, and are left alone", async () => {
    const store = fileStore({ directory: folder.path });
    const [both, only] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [both, only]) await store.put(id, new Blob(["x"]));
    await store.putManifest(both, new Uint8Array([1]));
    const copies = [`${both}.manifest 2.json`, `${only}.manifest (1).json`];
    for (const name of copies) await writeFile(join(folder.path, name), new Uint8Array([2]));
    const listed = new Map<string, number[]>();
    for await (const { id, manifest } of store.list()) listed.set(id, [...manifest]);
    expect(listed).toEqual(
      new Map([
        [both, [1]],
        [only, [2]],
      ]),
    );
    for (const id of [both, only]) await store.remove(id);
    expect((await readdir(folder.path)).sort()).toEqual([...copies].sort());
    for await (const { id } of store.list()) expect.unreachable(id);
  });

  it("behavior: a document in the cloud is not taken for none, and its second versions are named", async () => {
    const store = fileStore({ directory: folder.path });
    await writeFile(join(folder.path, ".key-ring.json.icloud"), "bplist00");
    await expect(store.getDocument?.("key-ring")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(store.putDocument?.("key-ring", new Uint8Array([1]), { replaces: undefined })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
    await store.putDocument?.("other", new Uint8Array([1]), { replaces: undefined });
    expect(await store.getDocument?.("other")).not.toHaveProperty("copies");
    await writeFile(join(folder.path, "other-DESKTOP-1.json"), "2");
    expect(await store.getDocument?.("other")).toMatchObject({ copies: ["other-DESKTOP-1.json"] });
    await writeFile(join(folder.path, "secret.json"), "7");
    const read = async (copy: string) => Buffer.from((await store.getDocument?.("other", { copy }))?.bytes ?? []).toString();
    expect([await read("other-DESKTOP-1.json"), await read("secret.json"), await read("../secret.json")]).toEqual([
      "2",
      "\u0001",
      "\u0001",
    ]);
    await rm(join(folder.path, "other.json"));
    const refusal = { code: "STORE_UNAVAILABLE", details: expect.stringContaining("other-DESKTOP-1.json") as string };
    await expect(store.getDocument?.("other")).rejects.toMatchObject(refusal);
    await expect(store.putDocument?.("other", new Uint8Array([1]), { replaces: undefined })).rejects.toMatchObject(refusal);
  });

  it("behavior: an archive that changes under a reader is an error, not other bytes", async () => {
    const store = fileStore({ directory: folder.path });
    const id = crypto.randomUUID();
    await store.put(id, new Blob([new Uint8Array(1000)]));
    const blob = await store.get(id);
    await truncate(join(folder.path, `${id}.xmtp`), 10);
    await expect(blob.arrayBuffer()).rejects.toThrow();
  });

  it("parameters: directory: a file in its place is STORE_UNAVAILABLE", async () => {
    await writeFile(join(folder.path, "file"), "x");
    await expect(fileStore({ directory: join(folder.path, "file") }).open()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(fileStore({ directory: join(folder.path, "file", "below") }).open()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  it("parameters: create: a missing folder is STORE_UNAVAILABLE when it may not be created", async () => {
    const store = fileStore({ directory: join(folder.path, "mount"), create: false });
    await expect(store.open()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(store.put(crypto.randomUUID(), new Blob(["x"]))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(await readdir(folder.path)).toEqual([]);
  });

  it.runIf(process.platform !== "win32")("behavior: a folder without permission is STORE_DENIED", async () => {
    const directory = join(folder.path, "locked");
    await mkdir(directory, { mode: 0o500 });
    if (isRoot) for (const path of [folder.path, directory]) await chown(path, nobody, nobody);
    expect(await putInChild({ directory, sizeBytes: 1, ...(isRoot && { userId: nobody }) })).toBe("STORE_DENIED");
    expect(await readdir(directory)).toEqual([]);
  });

  it.runIf(process.platform !== "win32")("behavior: where no file may grow further it is STORE_FULL, and nothing is left", async () => {
    const small = await putInChild({ directory: folder.path, sizeBytes: 1_000 }, 64);
    const large = await putInChild({ directory: folder.path, sizeBytes: 1_000_000 }, 64);
    expect([small, large]).toEqual(["stored", "STORE_FULL"]);
    expect(await readdir(folder.path)).toEqual([expect.stringMatching(/\.xmtp$/)]);
  });
});
