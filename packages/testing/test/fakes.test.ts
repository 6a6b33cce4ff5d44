import { describe, it } from "vitest";
import {
  archiveStoreContract,
  deviceContract,
  fakeDevice,
  fakeHistoryServer,
  fakeHost,
  hostContract,
  journalContract,
  keptArchivesContract,
  keyStoreContract,
  lockContract,
  memoryJournal,
  memoryKept,
  memoryKeys,
  memoryLock,
  memoryStore,
  runContract,
  storeDocumentsContract,
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
  "memoryStore's documents",
  storeDocumentsContract(async () => ({ store: memoryStore() })),
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
runContract(
  "memoryKeys",
  keyStoreContract(async () => ({ keys: memoryKeys() })),
  runner,
);
runContract(
  "memoryJournal",
  journalContract(async () => ({ journal: memoryJournal() })),
  runner,
);
runContract(
  "memoryKept",
  keptArchivesContract(async () => {
    const archives = new Map<string, Blob>();
    return { kept: memoryKept(archives), reopen: () => memoryKept(archives) };
  }),
  runner,
);
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
    const historyServer = fakeHistoryServer();
    const host = fakeHost({ inbox: groupAndDm(), historyServer });
    return {
      host,
      fresh: async () => fakeHost({ historyServer }),
      close: async () => host.close(),
      async invite() {
        host.inbox.conversations.set("invited", {
          id: "invited",
          kind: "group",
          isActive: false,
          createdAtNs: 1n,
          consent: "unknown",
          messages: new Map(),
        });
        host.activate("invited");
      },
      async deny(id) {
        const conversation = host.inbox.conversations.get(id);
        if (conversation) conversation.consent = "denied";
      },
      async change(id, what) {
        const changes = {
          name: { name: "Porto in June" },
          timer: { disappearsInNs: 3_600_000_000_000n },
          noTimer: { disappearsInNs: undefined },
          admins: { admins: ["bob"] },
          people: {},
          leave: { hasLeft: true },
        };
        host.change(id, changes[what]);
      },
      async say(id) {
        const sent = { id: "said", text: "Hello", sentAtNs: 1n, senderInboxId: "alice" };
        host.inbox.conversations.get(id)?.messages.set(sent.id, sent);
      },
      async breakState(id) {
        host.breakConversation(id);
        return host;
      },
    };
  }),
  runner,
);
