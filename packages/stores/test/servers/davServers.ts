import type { DebianServer } from "../../../../scripts/debianServers.ts";
import { startApache } from "../webdav/apache.ts";
import type { DavServer } from "./davServer.ts";
import { startLighttpd } from "./lighttpd.ts";
import { startNginx } from "./nginx.ts";
import { startRclone } from "./rclone.ts";
import type { RefusedDocuments } from "./refusedDocuments.ts";

/** A server of WebDAV that the store is tested against, and what it makes of the parts of WebDAV that are not every server's. */
export type TestedDavServer = {
  name: string;
  packages: DebianServer;
  start: () => Promise<DavServer>;
  /** Whether it writes parts of a file, so that an upload goes on after a broken connection. */
  writesRanges: boolean;
  refuses: RefusedDocuments;
  /** Whether it says how full it is. */
  tellsQuota: boolean;
};

export const davServers: readonly TestedDavServer[] = [
  { name: "Apache mod_dav", packages: "apache", start: startApache, writesRanges: true, refuses: "new and changed", tellsQuota: false },
  { name: "nginx", packages: "nginx", start: startNginx, writesRanges: false, refuses: "none", tellsQuota: false },
  { name: "lighttpd mod_webdav", packages: "lighttpd", start: startLighttpd, writesRanges: false, refuses: "new and changed", tellsQuota: false },
  { name: "rclone serve webdav", packages: "rclone", start: startRclone, writesRanges: false, refuses: "none", tellsQuota: false },
];
