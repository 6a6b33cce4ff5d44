export type { Credentials, RemoteOptions } from "../transport/remoteOptions.ts";
export { webdavStore, type WebdavStoreOptions } from "./webdavStore.ts";
