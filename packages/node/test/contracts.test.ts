import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  archiveStoreContract,
  deviceContract,
  fakeClock,
  type FakeClock,
  journalContract,
  keptArchivesContract,
  keyStoreContract,
  lockContract,
  runContract,
  storeDocumentsContract,
} from "@xmtp-backup/testing";
import { describe, it } from "vitest";
import { fileJournal } from "../src/state/fileJournal.ts";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { keptFiles } from "../src/state/keptFiles.ts";
import { fileLock } from "../src/state/fileLock.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeDevice } from "../src/device/nodeDevice.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

runContract(
  "fileStore",
  archiveStoreContract(async () => {
    const { path, dispose } = await temporaryFolder();
    const reopen = () => fileStore({ directory: join(path, "not", "there", "yet") });
    return { store: reopen(), reopen, dispose };
  }),
  { describe, it },
);

runContract(
  "fileStore's documents",
  storeDocumentsContract(async () => {
    const { path, dispose } = await temporaryFolder();
    const reopen = () => fileStore({ directory: join(path, "archives") });
    return { store: reopen(), reopen, dispose };
  }),
  { describe, it },
);

runContract(
  "fileKeys",
  keyStoreContract(
    async () => {
      const { path, dispose } = await temporaryFolder();
      const file = join(path, "keys", "archive-keys");
      const reopen = () => fileKeys({ path: file });
      const spoil = async () => writeFile(file, `${"0".repeat(64)}\n${await readFile(file, "utf8")}`);
      return { keys: reopen(), reopen, spoil, dispose };
    },
    { spoils: true },
  ),
  { describe, it },
);

runContract(
  "fileJournal",
  journalContract(async () => {
    const { path, dispose } = await temporaryFolder();
    const reopen = () => fileJournal({ directory: join(path, "state") });
    return { journal: reopen(), reopen, dispose };
  }),
  { describe, it },
);

runContract(
  "keptFiles",
  keptArchivesContract(async () => {
    const { path, dispose } = await temporaryFolder();
    const reopen = () => keptFiles(join(path, "not", "there", "yet"));
    return { kept: reopen(), reopen, dispose };
  }),
  { describe, it },
);

runContract(
  "fileLock",
  lockContract(async () => {
    const { path, dispose } = await temporaryFolder();
    const reopen = () => fileLock({ directory: path });
    return { lock: reopen(), reopen, dispose };
  }),
  { describe, it },
);

runContract(
  "nodeDevice",
  deviceContract(async () => {
    const clock = fakeClock();
    const device = nodeDevice({ clock, pollMs: 1_000 });
    return { device, happen: async () => sleepAnHour(clock) };
  }),
  { describe, it },
);

function sleepAnHour(clock: FakeClock): void {
  clock.sleep(3_600_000);
  clock.advance(0);
}
