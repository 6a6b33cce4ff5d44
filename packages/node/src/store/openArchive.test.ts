import { rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { fileStore } from "./fileStore.ts";
import { openArchive } from "./openArchive.ts";

const dayMs = 24 * 60 * 60_000;

describe("openArchive", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let id: string;
  const inFolder = (name: string) => join(folder.path, name);
  beforeEach(async () => {
    folder = await temporaryFolder();
    id = crypto.randomUUID();
    await writeFile(inFolder(`${id}.manifest.json`), "{}");
  });
  afterEach(() => {
    vi.useRealTimers();
    return folder.dispose();
  });
  const afterDays = (days: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + days * dayMs });

  it("default: one that is in the cloud is fetched and read", async () => {
    const placeholder = inFolder(`.${id}.xmtp.icloud`);
    await writeFile(placeholder, "archive");
    const blob = await openArchive(folder.path, id, { ask: (path) => rename(placeholder, path) });
    expect(await blob.text()).toBe("archive");
  });

  it("behavior: one that does not come long after its manifest is lost", async () => {
    await expect(openArchive(folder.path, id)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    afterDays(2);
    await expect(fileStore({ directory: folder.path }).get(id)).rejects.toMatchObject({
      code: "ARCHIVE_NOT_FOUND",
      shortMessage: expect.stringContaining("gone") as string,
    });
  });

  it.each([".other.json.icloud", "key-ring 2.json", ".syncthing.key-ring.json.tmp"])(
    "behavior: beside %s it may come for a month",
    async (sign) => {
      await writeFile(inFolder(sign), "x");
      afterDays(2);
      await expect(openArchive(folder.path, id)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      afterDays(31);
      await expect(openArchive(folder.path, id)).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    },
  );

  it("behavior: one that is being downloaded or lies in the cloud is never lost", async () => {
    const arriving = inFolder(`.syncthing.${id}.xmtp.tmp`);
    await writeFile(arriving, "half");
    afterDays(100);
    await expect(openArchive(folder.path, id)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await unlink(arriving);
    await writeFile(inFolder(`.${id}.xmtp.icloud`), "bplist00");
    await expect(openArchive(folder.path, id, { ask: () => Promise.resolve(), waitMs: 0 })).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
    });
  });

  it.runIf(process.platform === "linux")(
    "behavior: bytes that can't be read are told at once, not to whoever reads them later",
    async () => {
      // The system answers EIO here, as it does for a file that it can't download.
      await symlink("/proc/self/mem", inFolder(`${id}.xmtp`));
      await expect(fileStore({ directory: folder.path }).get(id)).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
        details: "The system says EIO.",
      });
      await rm(inFolder(`${id}.xmtp`));
    },
  );
});
