export { browserHost } from "./browserHost.ts";
export { browserDevice } from "./browserDevice.ts";
export { guardPage } from "./guardPage.ts";
export { indexedDbJournal, type IndexedDbJournalOptions } from "./indexedDbJournal.ts";
export { indexedDbKeys, type IndexedDbKeysOptions } from "./indexedDbKeys.ts";
export { opfsStore, type OpfsStoreOptions } from "./opfsStore.ts";
export { persistStorage, type StorageReport } from "./persistStorage.ts";
export { webLock, type WebLockOptions } from "./webLock.ts";
