// Run by other runtimes too: makes backups, beside a process that holds the lock, beside itself, and beside nobody; says how each ends.
import { join } from "node:path";
import process from "node:process";
import { createBackups } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys } from "@xmtp-backup/testing";
import { fileLock } from "../../src/state/fileLock.ts";
import { fileStore } from "../../src/store/fileStore.ts";

const [directory = "", inboxId = ""] = process.argv.slice(2);

async function backUp(lockFolder: string): Promise<string> {
  const host = fakeHost({ inbox: fakeInbox(), inboxId });
  const store = fileStore({ directory: join(directory, "archives") });
  const backups = createBackups({
    host,
    store,
    keys: memoryKeys(),
    lock: fileLock({ directory: join(directory, lockFolder) }),
    allowNewKey: true,
    logger: false,
  });
  return backups.backup().then(
    ({ entry }) => entry.seal,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

const unlock = await fileLock({ directory: join(directory, "own") }).tryAcquire(`inbox-${inboxId}`);
const outcomes = { elsewhere: await backUp("elsewhere"), own: await backUp("own"), free: "" };
await unlock?.();
process.stdout.write(JSON.stringify({ ...outcomes, free: await backUp("own") }));
