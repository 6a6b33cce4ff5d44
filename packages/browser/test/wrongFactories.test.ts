import { describe, expect, it } from "vitest";
import { refusalOf, testFactories } from "../../../test/wrongFactory.ts";
import {
  browserHost,
  downloadStore,
  fileHandleStore,
  indexedDbJournal,
  indexedDbKeys,
  opfsStore,
  pickedDirectory,
  webLock,
} from "../src/index.ts";

describe("what places and keys are made with, given what is wrong", () => {
  testFactories({
    opfsStore: { make: opfsStore, right: { directory: "x" }, needs: [], wrong: { directory: 5 } },
    fileHandleStore: { make: fileHandleStore, right: { directory: {} }, needs: ["directory"], wrong: { directory: "x" } },
    downloadStore: { make: downloadStore, right: { app: "x" }, needs: [], wrong: { beside: "x" } },
    pickedDirectory: { make: pickedDirectory, right: { database: "x" }, needs: [], wrong: { database: 5 } },
    indexedDbKeys: { make: indexedDbKeys, right: { database: "x" }, needs: [], wrong: { database: true } },
    indexedDbJournal: { make: indexedDbJournal, right: { database: "x" }, needs: [], wrong: { database: null } },
    webLock: { make: webLock, right: { prefix: "x" }, needs: [], wrong: {} },
  });

  it("parameters: a host refuses what is no client", () => {
    for (const nothing of [undefined, null, 5, "client", Promise.resolve({})])
      expect(refusalOf(browserHost, nothing)).toMatch(/^browserHost needs an XMTP client\./);
  });
});
