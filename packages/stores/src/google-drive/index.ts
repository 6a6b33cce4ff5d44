export { googleDriveStore, type GoogleDriveStoreOptions, type GoogleToken } from "./googleDriveStore.ts";
