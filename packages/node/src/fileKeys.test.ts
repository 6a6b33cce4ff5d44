import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporaryFolder.ts";
import { fileKeys } from "./fileKeys.ts";

describe("fileKeys", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.dispose());

  it("behavior: the file is readable by its owner only", async () => {
    const path = join(folder.path, "keys", "archive-keys");
    await fileKeys({ path }).add(new Uint8Array(32));
    expect([(await stat(path)).mode & 0o777, (await stat(join(folder.path, "keys"))).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it("behavior: notes beside the keys are there after a restart, for each file of keys its own", async () => {
    const [path, other] = [join(folder.path, "archive-keys"), join(folder.path, "other-keys")];
    await fileKeys({ path }).notes?.write("ring", { generation: 3 });
    expect(await fileKeys({ path }).notes?.read("ring")).toEqual({ generation: 3 });
    expect(await fileKeys({ path: other }).notes?.read("ring")).toBeUndefined();
    expect((await stat(`${path}.notes`)).mode & 0o777).toBe(0o700);
  });

  it("behavior: keys that a kill left half-way written do not stay beside the file, and nothing else goes", async () => {
    const path = join(folder.path, "archive-keys");
    await writeFile(`${path}.${crypto.randomUUID()}.part`, "ab".repeat(32));
    await writeFile(join(folder.path, "download.part"), "of another program");
    await fileKeys({ path }).add(new Uint8Array(32));
    expect((await readdir(folder.path)).sort()).toEqual(["archive-keys", "download.part"]);
  });
});
