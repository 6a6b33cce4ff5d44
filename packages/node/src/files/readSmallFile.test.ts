import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { fileKeys } from "../keys/fileKeys.ts";
import { fileJournal } from "../state/fileJournal.ts";
import { fileStore } from "../store/fileStore.ts";
import { readSmallFile } from "./readSmallFile.ts";

describe("readSmallFile", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, "file");
  });
  afterEach(() => folder.dispose());

  /** What is no ordinary file, by what it is. */
  const strange: [string, (path: string) => unknown][] = [
    ["a folder", (at) => mkdir(at)],
    ["a pipe that nobody writes to", (at) => execFileSync("mkfifo", [at])],
    ["a link to an endless device", (at) => symlink("/dev/zero", at)],
  ];

  it("default: reads a file whole", async () => {
    await writeFile(path, "four");
    expect(await readSmallFile(path, 4)).toEqual({ bytes: new TextEncoder().encode("four"), size: 4 });
    await writeFile(path, "");
    expect(await readSmallFile(path, 4)).toEqual({ bytes: new Uint8Array(), size: 0 });
    expect(await readSmallFile(join(folder.path, "other"), 4)).toBeUndefined();
  });

  it("parameters: maxBytes: a longer file is not read", async () => {
    await writeFile(path, "fives");
    expect(await readSmallFile(path, 4)).toEqual({ bytes: new Uint8Array(), size: 5 });
  });

  it("behavior: a file with more bytes than its size says is read to its end, and no further than the limit", async (context) => {
    if (process.platform !== "linux") return context.skip("only Linux has such files");
    await symlink("/proc/self/status", path);
    const { bytes, size } = (await readSmallFile(path, 1024 * 1024))!;
    expect(new TextDecoder().decode(bytes)).toContain("Pid:");
    expect(size).toBe(bytes.length);
    expect(await readSmallFile(path, 20)).toEqual({ bytes: new Uint8Array(), size: 21 });
  });

  it.each(strange)("behavior: %s counts as endless", async (_title, make) => {
    await make(path);
    expect(await readSmallFile(path, 1024)).toEqual({ bytes: new Uint8Array(), size: Infinity });
  });

  it.each(strange)(
    "behavior: %s in the place of a manifest is listed as one that can't be read, and hides no other archive",
    async (_title, make) => {
      const store = fileStore({ directory: folder.path });
      const [whole, odd] = [crypto.randomUUID(), crypto.randomUUID()];
      await store.put(whole, new Blob(["archive"]));
      await store.putManifest(whole, new Uint8Array([1]));
      await make(join(folder.path, `${odd}.manifest.json`));
      const listed = new Map<string, number>();
      for await (const { id, manifest } of store.list()) listed.set(id, manifest.length);
      expect(listed).toEqual(
        new Map([
          [whole, 1],
          [odd, 0],
        ]),
      );
    },
  );

  it.each(strange)("behavior: %s in the place of an archive, a document, a note or the keys is refused", async (_title, make) => {
    const store = fileStore({ directory: folder.path });
    const id = crypto.randomUUID();
    for (const name of [`${id}.xmtp`, "key-ring.json", "archive-keys"]) await make(join(folder.path, name));
    await expect(store.get(id)).rejects.toMatchObject({ code: "STORE_FAILED", shortMessage: "The archive is no ordinary file." });
    await expect(store.getDocument?.("key-ring")).rejects.toMatchObject({
      code: "STORE_FAILED",
      shortMessage: "The document is no ordinary file.",
    });
    await expect(fileJournal({ directory: folder.path }).read("key-ring")).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
    await expect(fileKeys({ path: join(folder.path, "archive-keys") }).load()).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
  });
});
