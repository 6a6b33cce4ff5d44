import type { StoreSetUp } from "@xmtp-backup/testing";
import { opfsStore } from "../../src/store/opfsStore.ts";

/** A store in a folder of its own, for the contracts of stores. */
export const opfsSetUp: StoreSetUp = async () => {
  const directory = crypto.randomUUID();
  const reopen = () => opfsStore({ directory });
  const dispose = async () => (await navigator.storage.getDirectory()).removeEntry(directory, { recursive: true });
  return { store: reopen(), reopen, dispose };
};
