import { browserHost, downloadStore, fileHandleStore, indexedDbJournal, indexedDbKeys, opfsStore, webLock } from "@xmtp-backup/browser";
import { keyRing } from "@xmtp-backup/keys";
import { fileJournal, fileKeys, fileLock, fileStore, nodeHost } from "@xmtp-backup/node";
import { googleDriveStore } from "@xmtp-backup/stores/google-drive";
import { httpStore } from "@xmtp-backup/stores/http";
import { mirror } from "@xmtp-backup/stores/mirror";
import { s3Store } from "@xmtp-backup/stores/s3";
import { webdavStore } from "@xmtp-backup/stores/webdav";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";

type Factory = (options?: never) => unknown;

const url = "https://archives.example";
const factories: Record<string, { make: Factory; right: object; needs: readonly string[]; wrong: object }> = {
  fileStore: { make: fileStore as Factory, right: { directory: "x" }, needs: ["directory"], wrong: { create: "no" } },
  fileKeys: { make: fileKeys as Factory, right: { path: "x" }, needs: ["path"], wrong: { path: 5 } },
  fileJournal: { make: fileJournal as Factory, right: { directory: "x" }, needs: ["directory"], wrong: { directory: "" } },
  fileLock: { make: fileLock as Factory, right: { directory: "x" }, needs: ["directory"], wrong: { directory: [] } },
  opfsStore: { make: opfsStore as Factory, right: { directory: "x" }, needs: [], wrong: { directory: 5 } },
  fileHandleStore: { make: fileHandleStore as Factory, right: { directory: {} }, needs: ["directory"], wrong: { directory: "x" } },
  downloadStore: { make: downloadStore as Factory, right: { app: "x" }, needs: [], wrong: { beside: "x" } },
  indexedDbKeys: { make: indexedDbKeys as Factory, right: { database: "x" }, needs: [], wrong: { database: true } },
  indexedDbJournal: { make: indexedDbJournal as Factory, right: { database: "x" }, needs: [], wrong: { database: null } },
  webLock: { make: webLock as Factory, right: { prefix: "x" }, needs: [], wrong: {} },
  httpStore: { make: httpStore as Factory, right: { url }, needs: ["url"], wrong: { credentials: "secret" } },
  webdavStore: { make: webdavStore as Factory, right: { url }, needs: ["url"], wrong: { allowInsecure: "yes" } },
  s3Store: { make: s3Store as Factory, right: { url, credentials: { accessKeyId: "AK", secretAccessKey: "SK" } }, needs: ["url", "credentials"], wrong: { url: 5 } },
  googleDriveStore: { make: googleDriveStore as Factory, right: { token: () => "t" }, needs: ["token"], wrong: { token: "secret" } },
  keyRing: { make: keyRing as Factory, right: { store: memoryStore(), cache: memoryKeys() }, needs: ["store"], wrong: { store: "x" } },
  mirror: { make: ((options?: never) => mirror([memoryStore(), memoryStore()], options)) as Factory, right: { restMs: 1 }, needs: [], wrong: { restMs: "1" } },
};

function refusalOf(make: Factory, options?: unknown): string {
  try {
    make(options as never);
    return "nothing was refused";
  } catch (error) {
    expect(error).toMatchObject({ name: "BackupError", code: "OPTIONS_INVALID" });
    return (error as { shortMessage: string; details?: string }).shortMessage + " " + ((error as { details?: string }).details ?? "");
  }
}

describe("what places and keys are made with, given what is wrong", () => {
  it.each(Object.entries(factories))("parameters: %s", (name, { make, right, needs, wrong }) => {
    expect(refusalOf(make, right)).toBe("nothing was refused");
    for (const nothing of [null, 5, "text", [], Promise.resolve(right)]) expect(refusalOf(make, nothing)).toContain(`${name} takes its options as an object.`);
    expect(refusalOf(make)).toBe(needs.length > 0 ? `${name} takes its options as an object. It needs ${needs.join(" and ")}.` : "nothing was refused");
    for (const need of needs) expect(refusalOf(make, { ...right, [need]: undefined })).toBe(`${name}: ${need} is missing. `);
    const [known = ""] = Object.keys(right);
    const mistyped = `${known}z`;
    expect(refusalOf(make, { ...right, [mistyped]: 1 })).toBe(`${name} has no option "${mistyped}". Did you mean ${known}?`);
    expect(refusalOf(make, { ...right, colour: "red" })).toMatch(new RegExp(`^${name} has no option "colour"`));
    for (const [option, value] of Object.entries(wrong)) {
      const refusal = refusalOf(make, { ...right, [option]: value });
      expect(refusal).toContain(option);
      expect(refusal).not.toContain("secret");
    }
  });

  it("parameters: hosts refuse what is no client", () => {
    for (const make of [nodeHost, browserHost] as unknown as Factory[]) {
      for (const nothing of [undefined, null, 5, "client", Promise.resolve({})]) expect(refusalOf(make, nothing)).toMatch(/^(node|browser)Host needs an XMTP client\./);
    }
  });

  it("parameters: mirror takes a list of stores", () => {
    const make = mirror as unknown as Factory;
    for (const nothing of [undefined, null, {}, "x", memoryStore()]) expect(refusalOf(make, nothing)).toContain("A mirror takes a list of places.");
    expect(refusalOf(make, [memoryStore(), undefined])).toContain("Place 2 of a mirror is no store.");
    expect(refusalOf(make, ["./one", "./two"])).toContain("Place 1 of a mirror is no store.");
    expect(refusalOf(make, [memoryStore()])).toContain("two places or more");
  });
});
