import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptGet, mayInstall } from "../../../../scripts/aptGet.ts";
import { listen } from "../loopback.ts";

const program = "/usr/sbin/apache2";
const modules = "/usr/lib/apache2/modules";
const nobody = 65_534;

export const noApache = "there is no Apache, and it can't be installed: install Debian's apache2-bin";

/** Whether there is an Apache; where it may, it is installed from Debian, which starts nothing. */
export function hasApache(): boolean {
  if (!existsSync(program) && mayInstall) {
    aptGet("update");
    aptGet("install", "--yes", "--no-install-recommends", "apache2-bin");
  }
  return existsSync(program);
}

export type ApacheOptions = {
  /** More modules than WebDAV needs. @default none */
  modules?: readonly string[];
  /** More lines for the folder that is served. @default none */
  lines?: readonly string[];
};

/** What makes Apache pack all that it sends. */
export const packing = {
  gzip: { modules: ["deflate", "filter"], lines: ["SetOutputFilter DEFLATE"] },
  brotli: { modules: ["brotli", "filter"], lines: ["SetOutputFilter BROTLI_COMPRESS"] },
};

/** Apache with mod_dav on a free port of loopback: `/` for alice with the password `secret`, `/readonly/` for reading only. */
export async function startApache(options: ApacheOptions = {}) {
  const root = await mkdtemp(join(tmpdir(), "xmtp-backup-apache-"));
  const files = join(root, "files");
  await mkdir(join(files, "readonly"), { recursive: true });
  await chmod(root, 0o755);
  const port = await freePort();
  await writeFile(join(root, "passwords"), `alice:{SHA}${createHash("sha1").update("secret").digest("base64")}\n`);
  await writeFile(join(root, "apache.conf"), configuration(root, files, port, options));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const folder of [root, files, join(files, "readonly")]) await chown(folder, nobody, nobody);

  const server = spawn(program, ["-DFOREGROUND", "-f", join(root, "apache.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  server.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const ended = once(server, "exit");
  await answering(
    port,
    () => server.exitCode !== null,
    () => errors,
  );

  return {
    url: `http://127.0.0.1:${port}`,
    files,
    dispose: async () => {
      server.kill("SIGTERM");
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
}

function configuration(root: string, files: string, port: number, { modules: more = [], lines = [] }: ApacheOptions): string {
  const names = [...more, "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dav", "dav_fs", "headers"];
  const loads = names.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`);
  return [
    ...loads,
    `ServerRoot "${root}"`,
    `PidFile "${root}/pid"`,
    `ErrorLog "${root}/errors"`,
    "ServerName localhost",
    // A connection that is closed just as it is used again would be a fault that no test asked for.
    "KeepAliveTimeout 300",
    "MaxKeepAliveRequests 0",
    `Listen 127.0.0.1:${port}`,
    ...(process.getuid?.() === 0 ? ["User nobody", "Group nogroup"] : []),
    `DocumentRoot "${files}"`,
    `DavLockDB "${root}/locks"`,
    `<Directory "${files}">`,
    "  Dav On",
    "  AuthType Basic",
    `  AuthName "files"`,
    `  AuthUserFile "${root}/passwords"`,
    "  Require user alice",
    ...lines,
    "</Directory>",
    `<Directory "${files}/readonly">`,
    "  <LimitExcept GET HEAD OPTIONS PROPFIND>",
    "    Require all denied",
    "  </LimitExcept>",
    "</Directory>",
  ].join("\n");
}

async function freePort(): Promise<number> {
  const { url, close } = await listen(() => {});
  await close();
  return Number(new URL(url).port);
}

async function answering(port: number, hasEnded: () => boolean, errors: () => string): Promise<void> {
  while (!hasEnded()) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
    ]);
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Apache did not start: ${errors()}`);
}
