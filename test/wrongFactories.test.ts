import { keyRing } from "@xmtp-backup/keys";
import { envKeys } from "@xmtp-backup/node/agents";
import { fileJournal, fileKeys, fileLock, fileStore, keychainVault, nodeDevice, nodeHost } from "@xmtp-backup/node";
import { googleDriveStore } from "@xmtp-backup/stores/google-drive";
import { httpStore } from "@xmtp-backup/stores/http";
import { mirror } from "@xmtp-backup/stores/mirror";
import { s3Store } from "@xmtp-backup/stores/s3";
import { webdavStore } from "@xmtp-backup/stores/webdav";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { refusalOf, testFactories } from "./wrongFactory.ts";

const url = "https://archives.example";

describe("what places and keys are made with, given what is wrong", () => {
  testFactories({
    fileStore: { make: fileStore, right: { directory: "x" }, needs: ["directory"], wrong: { create: "no" } },
    envKeys: { make: envKeys, right: { name: "X" }, needs: [], wrong: { name: 5 } },
    fileKeys: { make: fileKeys, right: { path: "x" }, needs: ["path"], wrong: { path: 5 } },
    fileJournal: { make: fileJournal, right: { directory: "x" }, needs: ["directory"], wrong: { directory: "" } },
    fileLock: { make: fileLock, right: { directory: "x" }, needs: ["directory"], wrong: { directory: [] } },
    keychainVault: { make: keychainVault, right: { service: "x" }, needs: ["service"], wrong: { account: "" } },
    nodeDevice: { make: nodeDevice, right: { pollMs: 1_000 }, needs: [], wrong: { pollMs: NaN, clock: "secret", interfaces: {} } },
    httpStore: { make: httpStore, right: { url }, needs: ["url"], wrong: { credentials: "secret" } },
    webdavStore: { make: webdavStore, right: { url }, needs: ["url"], wrong: { allowInsecure: "yes" } },
    s3Store: {
      make: s3Store,
      right: { url, credentials: { accessKeyId: "AK", secretAccessKey: "SK" } },
      needs: ["url", "credentials"],
      wrong: { url: 5 },
    },
    googleDriveStore: { make: googleDriveStore, right: { token: () => "t" }, needs: ["token"], wrong: { token: "secret" } },
    keyRing: { make: keyRing, right: { store: memoryStore(), cache: memoryKeys() }, needs: ["store"], wrong: { store: "x" } },
    mirror: {
      make: (options?: never) => mirror([memoryStore(), memoryStore()], options),
      right: { restMs: 1 },
      needs: [],
      wrong: { restMs: "1" },
    },
  });

  it("parameters: a host refuses what is no client", () => {
    for (const nothing of [undefined, null, 5, "client", Promise.resolve({})])
      expect(refusalOf(nodeHost, nothing)).toMatch(/^nodeHost needs an XMTP client\./);
  });

  it("parameters: mirror takes a list of stores", () => {
    const make = mirror;
    for (const nothing of [undefined, null, {}, "x", memoryStore()])
      expect(refusalOf(make, nothing)).toContain("A mirror takes a list of places.");
    expect(refusalOf(make, [memoryStore(), undefined])).toContain("Place 2 of a mirror is no store.");
    expect(refusalOf(make, ["./one", "./two"])).toContain("Place 1 of a mirror is no store.");
    expect(refusalOf(make, [memoryStore()])).toContain("two places or more");
  });
});
