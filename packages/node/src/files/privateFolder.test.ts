import { chmod, chown, mkdir, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateArchiveKey } from "@xmtp-backup/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporaryFolder.ts";
import { fileKeys } from "../keys/fileKeys.ts";
import { fileJournal } from "../state/fileJournal.ts";
import { fileLock } from "../state/fileLock.ts";
import { temporaryFiles } from "../state/temporaryFiles.ts";
import { privateFolder } from "./privateFolder.ts";

const nobody = 65534;
const isRoot = process.geteuid?.() === 0;

describe("privateFolder", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let open: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    open = join(folder.path, "open");
    await mkdir(open);
    await chmod(open, 0o1777);
  });
  afterEach(() => folder.dispose());

  const users = (directory: string) => [
    () => fileJournal({ directory }).write("task", {}),
    () => fileLock({ directory }).tryAcquire("inbox"),
    () => temporaryFiles(directory).withFile(new Blob(["archive"]), async () => undefined),
    () => fileKeys({ path: join(directory, "archive-keys") }).add(generateArchiveKey()),
  ];

  it("default: makes a folder that its owner alone can read", async () => {
    await privateFolder(join(open, "state", "notes"));
    expect((await stat(join(open, "state", "notes"))).mode & 0o777).toBe(0o700);
  });

  it("behavior: one of this user's own that others may read, where everybody may write, is closed; elsewhere it is the app's", async () => {
    for (const [place, mode] of [
      [open, 0o700],
      [folder.path, 0o755],
    ] as const) {
      await mkdir(join(place, "state"));
      await chmod(join(place, "state"), 0o755);
      await privateFolder(join(place, "state"));
      expect((await stat(join(place, "state"))).mode & 0o777).toBe(mode);
    }
  });

  it("behavior: a link that lies where everybody may write is refused, however deep below it the place is", async () => {
    await mkdir(join(folder.path, "theirs"));
    await symlink(join(folder.path, "theirs"), join(open, "state"));
    for (const directory of [join(open, "state"), join(open, "state", "inbox", "notes")]) {
      await expect(privateFolder(directory)).rejects.toMatchObject({ code: "EPERM" });
      for (const use of users(directory)) await expect(use()).rejects.toThrow();
    }
  });

  it.runIf(isRoot)("behavior: a folder of another user is refused there", async () => {
    await mkdir(join(open, "state"));
    await chown(join(open, "state"), nobody, nobody);
    await expect(privateFolder(join(open, "state", "notes"))).rejects.toMatchObject({ code: "EPERM" });
    for (const use of users(join(open, "state"))) await expect(use()).rejects.toThrow();
  });

  it("behavior: a lock that somebody planted is not opened", async () => {
    const victim = join(folder.path, "victim");
    await writeFile(victim, "", { mode: 0o644 });
    await symlink(victim, join(open, "archive-keys.lock"));
    await expect(fileKeys({ path: join(open, "archive-keys") }).add(generateArchiveKey())).rejects.toMatchObject({
      code: "KEY_STORE_FAILED",
    });
    expect((await stat(victim)).mode & 0o777).toBe(0o644);
  });

  it("behavior: a folder that was this user's own is refused while a link is in its place", async () => {
    const state = join(open, "state");
    const journal = fileJournal({ directory: join(state, "notes") });
    await journal.write("task", { stage: "mine" });
    await rename(state, join(folder.path, "moved"));
    await symlink(join(folder.path, "moved"), state);
    await expect(journal.write("task", { stage: "linked" })).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
    await expect(journal.read("task")).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
    await rm(state);
    await rename(join(folder.path, "moved"), state);
    expect(await journal.read("task")).toMatchObject({ stage: "mine" });
  });

  it.runIf(isRoot)("behavior: notes in another user's folder are not read", async () => {
    const directory = join(open, "notes");
    await fileJournal({ directory }).write("task", {});
    await chown(directory, nobody, nobody);
    await expect(fileJournal({ directory }).read("task")).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
  });
});
