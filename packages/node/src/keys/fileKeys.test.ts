import { mkdir, readdir, readFile, stat, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateArchiveKey } from "@xmtp-backup/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { writeFileDurably } from "../files/writeFileDurably.ts";
import { fileKeys } from "./fileKeys.ts";

const hex = (key: Uint8Array) => Buffer.from(key).toString("hex");

describe("fileKeys", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, "archive-keys");
  });
  afterEach(() => folder.dispose());

  it("behavior: the file, its lock and their folder are readable by their owner only", async () => {
    const inFolder = join(folder.path, "keys", "archive-keys");
    await fileKeys({ path: inFolder }).add(generateArchiveKey());
    const modes = await Promise.all(
      [inFolder, `${inFolder}.lock`, join(folder.path, "keys")].map(async (each) => (await stat(each)).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600, 0o700]);
  });

  it("behavior: keys that a kill left half-way written go once they are old; what may be being written and all else stays", async () => {
    const [old, young] = [`${path}.${crypto.randomUUID()}.part`, `${path}.${crypto.randomUUID()}.part`];
    for (const partial of [old, young]) await writeFile(partial, "ab".repeat(32));
    await utimes(old, 1, 1);
    await writeFile(join(folder.path, "download.part"), "of another program");
    await fileKeys({ path }).add(generateArchiveKey());
    const left = (await readdir(folder.path)).map((name) => join(folder.path, name));
    expect(left.sort()).toEqual([path, `${path}.lock`, young, join(folder.path, "download.part")].sort());
  });

  it("behavior: notes beside the keys are there after a restart, for each file of keys its own", async () => {
    await fileKeys({ path }).notes?.write("ring", { generation: 3 });
    expect(await fileKeys({ path }).notes?.read("ring")).toEqual({ generation: 3 });
    expect(await fileKeys({ path: join(folder.path, "other-keys") }).notes?.read("ring")).toBeUndefined();
    expect((await stat(`${path}.notes`)).mode & 0o777).toBe(0o700);
  });

  it("behavior: a file that is another just before it would be replaced stays, and no part of the new one is left", async () => {
    await writeFile(path, "another process's");
    expect(
      await writeFileDurably(
        path,
        (file) => file.writeFile("ours"),
        async () => false,
      ),
    ).toBe(false);
    expect([await readFile(path, "utf8"), await readdir(folder.path)]).toEqual(["another process's", ["archive-keys"]]);
  });

  it("behavior: what lies behind a link whose goal is away is not taken for none, the file or a folder on the way", async () => {
    await symlink(join(folder.path, "away"), join(folder.path, "link"));
    for (const behind of [
      join(folder.path, "link"),
      join(folder.path, "link", "archive-keys"),
      join(folder.path, "link", "deep", "archive-keys"),
    ]) {
      const keys = fileKeys({ path: behind });
      await expect(keys.load()).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
      await expect(keys.add(generateArchiveKey())).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
    }
    expect(await readdir(folder.path)).toEqual(["link"]);
    await mkdir(join(folder.path, "away"));
    expect(await fileKeys({ path: join(folder.path, "link", "archive-keys") }).load()).toEqual([]);
    expect(await fileKeys({ path: join(folder.path, "new", "archive-keys") }).load()).toEqual([]);
  });

  it("behavior: a lock that is none is named, and no key is lost", async () => {
    const key = generateArchiveKey();
    await fileKeys({ path }).add(key);
    await writeFile(`${path}.lock`, "not a lock ".repeat(500));
    await expect(fileKeys({ path }).add(generateArchiveKey())).rejects.toMatchObject({
      code: "KEY_STORE_FAILED",
      details: expect.stringContaining(`${path}.lock`) as string,
    });
    expect(await fileKeys({ path }).load()).toEqual([key]);
  });

  it.each([
    ["zeros", "0".repeat(64)],
    ["a line that is cut off", "ab".repeat(20)],
    ["a key with a typing error", `${"ab".repeat(31)}aO`],
    ["control characters", "\x11".repeat(64)],
    ["a comment", "# of the old machine"],
  ])("behavior: %s is left out and told, and stays in the file when a key is added", async (_what, bad) => {
    const [first, last, added] = [generateArchiveKey(), generateArchiveKey(), generateArchiveKey()];
    await writeFile(path, `\ufeff${hex(first).toUpperCase()}\r\n${bad}\n\n  ${hex(last)}`);
    const reasons: string[] = [];
    expect(await fileKeys({ path }).load({ onUnusable: (reason) => reasons.push(reason) })).toEqual([first, last]);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).not.toContain(bad);
    await fileKeys({ path }).add(added);
    expect(await readFile(path, "utf8")).toBe(`${[hex(added), hex(first), bad, hex(last)].join("\n")}\n`);
  });

  it("behavior: a link leads to one file and one lock, and stays a link", async () => {
    await mkdir(join(folder.path, "disk"));
    const linked = join(folder.path, "disk", "keys");
    const [first, second] = [generateArchiveKey(), generateArchiveKey()];
    await fileKeys({ path: linked }).add(first);
    await symlink(linked, path);
    await fileKeys({ path }).add(second);
    expect(await fileKeys({ path: linked }).load()).toEqual([second, first]);
    expect((await readdir(join(folder.path, "disk"))).sort()).toEqual(["keys", "keys.lock"]);
  });

  it("behavior: a link to a file that is not there is no empty key store: its disk may be away", async () => {
    await writeFile(join(folder.path, "elsewhere"), `${hex(generateArchiveKey())}\n`);
    await symlink(join(folder.path, "elsewhere"), path);
    await unlink(join(folder.path, "elsewhere"));
    await expect(fileKeys({ path }).load()).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
    await expect(fileKeys({ path }).add(generateArchiveKey())).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
  });
});
