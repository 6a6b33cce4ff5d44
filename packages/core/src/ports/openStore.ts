import type { ArchiveStore } from "./archiveStore.ts";
import type { CallOptions } from "./callOptions.ts";
import { callPort } from "./callPort.ts";

/** Opens a store; whatever goes wrong is the store's. */
export function openStore(store: ArchiveStore, options: CallOptions = {}): Promise<void> {
  return callPort(options, "STORE_FAILED", "The place for archives can't be used.", () => store.open(options));
}
