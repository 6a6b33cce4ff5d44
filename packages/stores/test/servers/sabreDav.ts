import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { alice, startDavServer } from "./davServer.ts";

const router = fileURLToPath(new URL("sabre/router.php", import.meta.url));

/** sabre/dav, the library that Nextcloud and ownCloud are made with, on PHP's own server. `FSExt` tells strong ETags, `FS` tells none. */
export const startSabreDav = (tree: "FS" | "FSExt" = "FSExt") =>
  startDavServer(async ({ root, files, port }) => {
    const locks = join(root, "locks");
    await mkdir(join(root, "uploads"));
    const settings = {
      display_errors: "0",
      log_errors: "1",
      error_reporting: "0",
      memory_limit: "256M",
      post_max_size: "0",
      sys_temp_dir: join(root, "uploads"),
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-d", `${name}=${value}`]);
    const env = {
      PHP_CLI_SERVER_WORKERS: "4",
      SABRE_FILES: files,
      SABRE_LOCKS: locks,
      SABRE_TREE: tree,
      SABRE_USER: alice.user,
      SABRE_PASSWORD: alice.password,
    };
    return { command: "/usr/bin/php", args: [...args, "-S", `127.0.0.1:${port}`, router], env };
  });
