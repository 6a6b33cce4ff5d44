import { join } from "node:path";
import { alice, startDavServer } from "./davServer.ts";

/** rclone's `serve webdav` over a folder: the WebDAV of Go's own library. */
export const startRclone = () =>
  startDavServer(async ({ root, files, port }) => {
    const own = [`--config=${join(root, "rclone.conf")}`, `--cache-dir=${join(root, "cache")}`];
    const access = [`--addr=127.0.0.1:${port}`, `--user=${alice.user}`, `--pass=${alice.password}`];
    return { command: "/usr/bin/rclone", args: ["serve", "webdav", files, ...own, ...access], env: { RCLONE_CONFIG: "" } };
  });
