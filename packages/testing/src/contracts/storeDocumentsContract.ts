import { type ArchiveStore, maxDocumentBytes } from "@xmtp-backup/core";
import type { StoreSetUp } from "./archiveStoreContract.ts";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectRefusal, expectThat } from "./expectations.ts";
import { ownCase } from "./ownCase.ts";

type DocumentStore = Required<Pick<ArchiveStore, "getDocument" | "putDocument">> & ArchiveStore;

/** What every `ArchiveStore` that keeps documents must do with them. */
export function storeDocumentsContract(setUp: StoreSetUp): ContractCase[] {
  const withStore = (name: string, run: (store: DocumentStore, reopen: () => DocumentStore) => Promise<void>): ContractCase =>
    ownCase(setUp, name, async ({ store, reopen }) => {
      await store.open();
      await run(keepsDocuments(store), () => keepsDocuments(reopen?.() ?? store));
    });

  return [
    withStore("default: has no document in a new place", async (store) => {
      expectEqual(await store.getDocument("key-ring"), undefined, "the document");
    }),
    withStore("default: gives back the bytes that were put, and keeps documents apart", async (store, reopen) => {
      await store.putDocument("key-ring", bytesOf(300), { replaces: undefined });
      await store.putDocument("other-2", bytesOf(1), { replaces: undefined });
      expectEqual((await reopen().getDocument("key-ring"))?.bytes, bytesOf(300), "the document");
      expectEqual((await reopen().getDocument("other-2"))?.bytes, bytesOf(1), "the other one");
    }),
    withStore("behavior: a document is replaced whole by who read it", async (store, reopen) => {
      await store.putDocument("key-ring", bytesOf(300), { replaces: undefined });
      const read = await reopen().getDocument("key-ring");
      await reopen().putDocument("key-ring", bytesOf(20), { replaces: read?.revision });
      const replaced = await store.getDocument("key-ring");
      expectEqual(replaced?.bytes, bytesOf(20), "the document");
      expectThat(replaced?.revision !== read?.revision, "another document has another revision");
      expectEqual((await reopen().getDocument("key-ring"))?.revision, replaced?.revision, "its revision, read again");
    }),
    withStore("parameters: replaces: what another one wrote meanwhile is not replaced", async (store, reopen) => {
      await store.putDocument("key-ring", bytesOf(1), { replaces: undefined });
      const read = await store.getDocument("key-ring");
      await reopen().putDocument("key-ring", bytesOf(2), { replaces: read?.revision });
      for (const replaces of [undefined, read?.revision, "no revision"]) {
        await expectRefusal(() => store.putDocument("key-ring", bytesOf(3), { replaces }), ["STORE_CONFLICT"], `replacing ${replaces}`);
      }
      await expectRefusal(
        () => store.putDocument("new", bytesOf(3), { replaces: read?.revision }),
        ["STORE_CONFLICT"],
        "replacing what is not there",
      );
      expectEqual((await reopen().getDocument("key-ring"))?.bytes, bytesOf(2), "the document");
      expectEqual(await store.getDocument("new"), undefined, "the one that was not there");
    }),
    withStore("behavior: of two changes at once one is kept and the other refused", async (store) => {
      await store.putDocument("key-ring", bytesOf(1), { replaces: undefined });
      const replaces = (await store.getDocument("key-ring"))?.revision;
      const outcomes = await Promise.allSettled([2, 3].map((length) => store.putDocument("key-ring", bytesOf(length), { replaces })));
      expectEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"], "the outcomes");
      const kept = outcomes.findIndex(({ status }) => status === "fulfilled");
      expectEqual((await store.getDocument("key-ring"))?.bytes.length, kept + 2, "the document");
    }),
    withStore("behavior: a document of the largest size is kept, a larger one is refused", async (store, reopen) => {
      await store.putDocument("key-ring", new Uint8Array(maxDocumentBytes).fill(1), { replaces: undefined });
      const read = await reopen().getDocument("key-ring");
      expectEqual(read?.bytes.length, maxDocumentBytes, "its size");
      await expectRefusal(
        () => store.putDocument("key-ring", new Uint8Array(maxDocumentBytes + 1), { replaces: read?.revision }),
        ["STORE_FAILED", "STORE_FULL"],
        "putting a larger one",
      );
      expectEqual((await reopen().getDocument("key-ring"))?.revision, read?.revision, "its revision");
    }),
    withStore("behavior: a document is neither an archive nor an unfinished one", async (store) => {
      await store.putDocument("key-ring", bytesOf(10), { replaces: undefined });
      for await (const { id } of store.list()) expectThat(false, `nothing is listed, got ${id}`);
      expectEqual(await store.unfinished(), [], "the unfinished archives");
    }),
    withStore("parameters: name: refuses one that could leave the place", async (store) => {
      for (const name of ["", "..", "../key-ring", "a/b", "Key-Ring", "key ring", "key.ring"]) {
        await expectRefusal(() => store.getDocument(name), ["OPTIONS_INVALID"], `getting ${JSON.stringify(name)}`);
        await expectRefusal(
          () => store.putDocument(name, bytesOf(1), { replaces: undefined }),
          ["OPTIONS_INVALID"],
          `putting ${JSON.stringify(name)}`,
        );
      }
    }),
    withStore("parameters: signal: an aborted call rejects with its reason and leaves nothing", async (store) => {
      await expectAbort((signal) => store.getDocument("key-ring", { signal }), "getDocument");
      await expectAbort((signal) => store.putDocument("key-ring", bytesOf(1), { signal, replaces: undefined }), "putDocument");
      expectEqual(await store.getDocument("key-ring"), undefined, "the document");
    }),
  ];
}

function keepsDocuments(store: ArchiveStore): DocumentStore {
  expectThat(store.getDocument !== undefined && store.putDocument !== undefined, "it keeps documents");
  return store as DocumentStore;
}

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 37 + length) % 253);
}
