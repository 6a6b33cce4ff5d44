import { isBackupError } from "@xmtp-backup/core";
import { fileStore } from "../../src/store/fileStore.ts";
import type { PutAssignment } from "./putInChild.ts";

const { directory, sizeBytes, userId } = JSON.parse(process.argv[2] ?? "") as PutAssignment;

if (userId !== undefined) {
  process.setgid?.(userId);
  process.setuid?.(userId);
}
const store = fileStore({ directory });

async function put(): Promise<void> {
  await store.open();
  await store.put(crypto.randomUUID(), new Blob([new Uint8Array(sizeBytes)]));
}

const outcome = await put().then(
  () => "stored",
  (error: unknown) => (isBackupError(error) ? error.code : String(error)),
);
process.stdout.write(outcome);
