import { webdavStore, type WebdavStoreOptions } from "../../src/webdav/index.ts";
import { authorization } from "./davServer.ts";

/** A store of alice's at an address. */
export const davStoreAt = (url: string, options: Partial<WebdavStoreOptions> = {}) =>
  webdavStore({ url, retries: 0, chunkBytes: 256 * 1024, credentials: () => authorization(), ...options });
