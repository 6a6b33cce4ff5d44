// The script of a page: `httpStore` against a server of another origin.
import { isBackupError } from "@xmtp-backup/core";
import { archiveStoreContract, type StoreSetUp, storeDocumentsContract } from "@xmtp-backup/testing";
import { runCaseOf } from "../../../../test/browser/runCase.ts";
import { httpStore, type HttpStoreOptions } from "../../src/http/index.ts";

let url = "";

export function useServer(serverUrl: string): void {
  url = serverUrl;
}

const open = (inbox: string, options: Partial<HttpStoreOptions> = {}) =>
  httpStore({ url, retries: 0, credentials: () => ({ Authorization: `Bearer ${inbox}` }), ...options });

const setUp: StoreSetUp = async () => {
  const inbox = crypto.randomUUID();
  const reopen = () => open(inbox, { chunkBytes: 256 * 1024 });
  return { store: reopen(), reopen };
};

export const runCase = runCaseOf({
  httpStore: () => archiveStoreContract(setUp),
  "httpStore, its documents": () => storeDocumentsContract(setUp),
});

const fileBytes = 5 * 1024 * 1024;
const fileOf = () => new File([Uint8Array.from({ length: fileBytes }, (_, index) => (index * 31) % 251)], "archive.xmtp");

/** Uploads a file until half of it is there, as a page that is closed then; the same page loaded again goes on. */
export async function uploadHalf(inbox: string, id: string) {
  const controller = new AbortController();
  const reason = new Error("The page is closed.");
  const seen: number[] = [];
  const onProgress = (doneBytes: number) => {
    seen.push(doneBytes);
    if (doneBytes >= fileBytes / 2) controller.abort(reason);
  };
  const outcome = await open(inbox)
    .put(id, fileOf(), { signal: controller.signal, onProgress })
    .catch((error: unknown) => error);
  return { isReason: outcome === reason, seen, unfinished: (await open(inbox).unfinished()).map((each) => each.id) };
}

export async function uploadWhole(inbox: string, id: string) {
  const [file, seen, got] = [fileOf(), [] as number[], [] as number[]];
  await open(inbox).put(id, file, { onProgress: (doneBytes) => seen.push(doneBytes) });
  const back = await open(inbox).get(id, { onProgress: (doneBytes) => got.push(doneBytes) });
  const [one, other] = await Promise.all([hashOf(file), hashOf(back)]);
  return { seen, isSame: one === other, last: got.at(-1) };
}

/** With what a store at that path of the server fails. */
export async function failureAt(path: string): Promise<string> {
  return open("alice", { url: url + path })
    .open()
    .then(
      () => "opened",
      (error: unknown) => (isBackupError(error) ? `${error.code}: ${error.details}` : String(error)),
    );
}

async function hashOf(blob: Blob): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())).join();
}
