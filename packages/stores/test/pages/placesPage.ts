// The script of a page: stores of other origins, each through a server that lets the page in.
import { archiveStoreContract, type StoreSetUp, storeDocumentsContract } from "@xmtp-backup/testing";
import { runCaseOf } from "../../../../test/browser/runCase.ts";
import { googleDriveStore } from "../../src/google-drive/index.ts";
import { s3Store } from "../../src/s3/index.ts";
import { webdavStore } from "../../src/webdav/index.ts";

let urls: Record<string, string> = {};

export function useServers(serverUrls: Record<string, string>): void {
  urls = serverUrls;
}

const urlOf = (name: string) => urls[name] ?? "";

const bucket: StoreSetUp = async () => {
  const prefix = `${crypto.randomUUID()}/`;
  const reopen = () =>
    s3Store({
      url: urlOf("s3"),
      prefix,
      retries: 0,
      partBytes: 256 * 1024,
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    });
  return { store: reopen(), reopen };
};

const drive: StoreSetUp = async () => {
  const prefix = `${crypto.randomUUID()}-`;
  const reopen = () => googleDriveStore({ url: urlOf("drive"), prefix, retries: 0, chunkBytes: 256 * 1024, token: () => "good" });
  return { store: reopen(), reopen };
};

const folderAt =
  (server: string): StoreSetUp =>
  async () => {
    const url = `${urlOf(server)}/${crypto.randomUUID()}`;
    const reopen = () =>
      webdavStore({ url, retries: 0, chunkBytes: 256 * 1024, credentials: () => ({ Authorization: `Basic ${btoa("alice:secret")}` }) });
    return { store: reopen(), reopen };
  };

export const runCase = runCaseOf({
  s3Store: () => archiveStoreContract(bucket, { usage: false }),
  "s3Store's documents": () => storeDocumentsContract(bucket),
  googleDriveStore: () => archiveStoreContract(drive),
  "googleDriveStore's documents": () => storeDocumentsContract(drive),
  webdavStore: () => archiveStoreContract(folderAt("webdav"), { usage: false }),
  "webdavStore's documents": () => storeDocumentsContract(folderAt("webdav")),
  "webdavStore, packed": () => archiveStoreContract(folderAt("packed"), { usage: false }),
  "webdavStore, packed's documents": () => storeDocumentsContract(folderAt("packed")),
});
