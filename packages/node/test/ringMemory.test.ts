import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { generateRecoveryPhrase, keyRing, recoveryPhrase } from "@xmtp-backup/keys";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileKeys, fileStore } from "../src/index.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

describe("a key ring in a folder, with keys in a file", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.dispose());

  it("behavior: after a restart an older ring and a deleted one are told, and the newest is put back", async () => {
    const directory = join(folder.path, "archives");
    const start = () => keyRing({ store: fileStore({ directory }), cache: fileKeys({ path: join(folder.path, "secrets", "keys") }) });
    const [file, older] = [join(directory, "key-ring.json"), join(folder.path, "older.json")];
    const [own, thief] = [recoveryPhrase(generateRecoveryPhrase()), recoveryPhrase(generateRecoveryPhrase())];
    await start().addSlot(own);
    const { id } = await start().addSlot(thief);
    await copyFile(file, older);
    await start().removeSlot(id);

    await copyFile(older, file);
    await expect(start().rotate()).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK" });
    expect((await start().putBack()).slots).toHaveLength(1);
    await start().rotate();
    await expect(keyRing({ store: fileStore({ directory }) }).open(thief)).rejects.toMatchObject({ code: "SECRET_WRONG" });

    await rm(file);
    await expect(start().rotate()).rejects.toMatchObject({ code: "KEY_RING_MISSING" });
    expect((await start().putBack()).keyFingerprints).toHaveLength(2);
    expect(await keyRing({ store: fileStore({ directory }) }).open(own)).toMatchObject({ isOpen: true });
  });
});
