import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alice, startDavServer } from "./davServer.ts";

/** lighttpd with mod_webdav, which keeps locks and properties in a database beside the files. */
export const startLighttpd = () =>
  startDavServer(async ({ root, files, port }) => {
    const configuration = join(root, "lighttpd.conf");
    await mkdir(join(root, "uploads"));
    await writeFile(join(root, "passwords"), `${alice.user}:${alice.password}\n`);
    await writeFile(configuration, lighttpdConfiguration(root, files, port));
    return { command: "/usr/sbin/lighttpd", args: ["-D", "-f", configuration] };
  });

function lighttpdConfiguration(root: string, files: string, port: number): string {
  return `server.modules = ("mod_auth", "mod_authn_file", "mod_webdav")
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${files}"
server.upload-dirs = ("${root}/uploads")
# A connection that is closed just as it is used again would be a fault that no test asked for.
server.max-keep-alive-idle = 300
server.max-keep-alive-requests = 65535
# It tells the ETag of files alone whose type it knows.
mimetype.assign = ("" => "application/octet-stream")
webdav.activate = "enable"
webdav.is-readonly = "disable"
webdav.sqlite-db-name = "${root}/webdav.db"
auth.backend = "plain"
auth.backend.plain.userfile = "${root}/passwords"
auth.require = ("/" => ("method" => "basic", "realm" => "files", "require" => "user=${alice.user}"))
`;
}
