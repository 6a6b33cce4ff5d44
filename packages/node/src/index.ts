export { fileJournal } from "./fileJournal.ts";
export { fileKeys } from "./fileKeys.ts";
export { fileLock } from "./fileLock.ts";
export { fileStore, type FileStoreOptions } from "./fileStore.ts";
export { nodeDevice, type NodeDeviceOptions } from "./nodeDevice.ts";
export { nodePrimitives } from "./nodePrimitives.ts";
export { nodeHost, type NodeHostOptions } from "./nodeHost.ts";
