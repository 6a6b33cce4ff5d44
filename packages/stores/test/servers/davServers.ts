import type { DebianServer } from "../../../../scripts/debianServers.ts";
import { startApache } from "../webdav/apache.ts";
import type { DavServer } from "./davServer.ts";
import { startLighttpd } from "./lighttpd.ts";
import { startNginx } from "./nginx.ts";
import { startRclone } from "./rclone.ts";
import { startSabreDav } from "./sabreDav.ts";
import type { TestedServer } from "./testedServer.ts";

/** A server of WebDAV that the store is tested against, and what it makes of the parts of WebDAV that are not every server's. */
export type TestedDavServer = TestedServer & {
  packages: DebianServer;
  start: () => Promise<DavServer>;
  /** Whether it writes parts of a file, so that an upload goes on after a broken connection. */
  writesRanges: boolean;
  /** Whether it says how full it is. */
  tellsQuota: boolean;
};

export const davServers: readonly TestedDavServer[] = [
  {
    name: "Apache mod_dav",
    version: "2.4",
    inPage: true,
    packages: "apache",
    start: startApache,
    writesRanges: true,
    orders: "new and changed",
    tellsQuota: false,
  },
  { name: "nginx", version: "1.22", packages: "nginx", start: startNginx, writesRanges: false, orders: "changed", tellsQuota: false },
  {
    name: "lighttpd mod_webdav",
    version: "1.4",
    packages: "lighttpd",
    start: startLighttpd,
    writesRanges: false,
    orders: "new and changed",
    tellsQuota: false,
  },
  {
    name: "rclone serve webdav",
    version: "1.60",
    packages: "rclone",
    start: startRclone,
    writesRanges: false,
    orders: "changed",
    tellsQuota: false,
  },
  {
    name: "sabre/dav with ETags",
    version: "1.8",
    packages: "sabre/dav",
    start: () => startSabreDav("FSExt"),
    writesRanges: false,
    orders: "new and changed",
    tellsQuota: true,
  },
  {
    name: "sabre/dav without ETags",
    version: "1.8",
    packages: "sabre/dav",
    start: () => startSabreDav("FS"),
    writesRanges: false,
    orders: "new and changed",
    tellsQuota: true,
  },
];
