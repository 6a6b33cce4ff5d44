import { describe, it } from "vitest";
import {
  archiveStoreContract,
  deviceContract,
  fakeDevice,
  fakeHost,
  hostContract,
  journalContract,
  keyStoreContract,
  lockContract,
  memoryJournal,
  memoryKeys,
  memoryLock,
  memoryStore,
  runContract,
} from "../src/index.ts";
import { groupAndDm } from "./groupAndDm.ts";

const runner = { describe, it };

runContract(
  "memoryStore",
  archiveStoreContract(async () => {
    const store = memoryStore();
    store.setUsage({ usedBytes: 9_000, totalBytes: 10_000 });
    return { store };
  }),
  runner,
);
runContract(
  "fakeDevice",
  deviceContract(async () => {
    const device = fakeDevice({ online: true, charging: false });
    return { device, happen: async () => device.emit("online") };
  }),
  runner,
);
runContract("memoryKeys", keyStoreContract(async () => ({ keys: memoryKeys() })), runner);
runContract("memoryJournal", journalContract(async () => ({ journal: memoryJournal() })), runner);
runContract(
  "memoryLock",
  lockContract(async () => {
    const held = new Set<string>();
    return { lock: memoryLock(held), reopen: () => memoryLock(held) };
  }),
  runner,
);
runContract(
  "fakeHost",
  hostContract(async () => {
    const host = fakeHost({ inbox: groupAndDm() });
    return {
      host,
      fresh: async () => fakeHost(),
      close: async () => host.close(),
      invite: async () => host.emit("conversation"),
    };
  }),
  runner,
);
