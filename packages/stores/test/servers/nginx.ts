import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alice, startDavServer } from "./davServer.ts";

/** nginx with its own WebDAV, and the listing of the module that Debian has beside it. */
export const startNginx = () =>
  startDavServer(async ({ root, files, port }) => {
    const configuration = join(root, "nginx.conf");
    await writeFile(join(root, "passwords"), `${alice.user}:{PLAIN}${alice.password}\n`);
    await writeFile(configuration, nginxConfiguration(root, files, port));
    return { command: "/usr/sbin/nginx", args: ["-e", "stderr", "-c", configuration] };
  });

function nginxConfiguration(root: string, files: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `  ${name}_temp_path ${root}/${name};`);
  return `load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
daemon off;
pid ${root}/pid;
error_log stderr;
${process.getuid?.() === 0 ? "user root;" : ""}
events {}
http {
  access_log off;
${temporary.join("\n")}
  client_max_body_size 0;
  # A connection that is closed just as it is used again would be a fault that no test asked for.
  keepalive_timeout 300;
  keepalive_requests 1000000;
  dav_ext_lock_zone zone=locks:1m;
  server {
    listen 127.0.0.1:${port};
    root ${files};
    auth_basic files;
    auth_basic_user_file ${root}/passwords;
    dav_methods PUT DELETE MKCOL COPY MOVE;
    dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK;
    dav_ext_lock zone=locks;
    create_full_put_path off;
  }
}
`;
}
