export type { Credentials, RemoteOptions } from "../transport/remoteOptions.ts";
export { httpStore, type HttpStoreOptions } from "./httpStore.ts";
