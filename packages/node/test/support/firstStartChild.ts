import { createBackups } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryStore } from "@xmtp-backup/testing";
import { fileKeys } from "../../src/keys/fileKeys.ts";
import { tryLockFile } from "../../src/files/tryLockFile.ts";

/** A process that waits for a word, and then makes its first backup, or takes the lock of the key file and never gives it back. */
const [path = ""] = process.argv.slice(2);

async function backUp(): Promise<string> {
  const backups = createBackups({ host: fakeHost({ inbox: fakeInbox() }), store: memoryStore(), keys: fileKeys({ path }) });
  return (await backups.backup().result).entry.keyFingerprint;
}

/** What nothing refers to any more may be collected, and its lock given back. */
const held: unknown[] = [];

async function holdLock(): Promise<string> {
  const unlock = await tryLockFile(`${path}.lock`);
  held.push(unlock);
  return unlock ? "locked" : "not locked";
}

// A process that listens goes on until it is ended.
process.on("message", (task) => {
  const work = task === "lock" ? holdLock() : backUp();
  void work.then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({ answer: "ready" });
