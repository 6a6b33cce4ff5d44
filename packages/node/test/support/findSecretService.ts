import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";

/** Programs with which a Secret Service of one's own is run. */
export type SecretServicePrograms = { keyring: string; bus: string; libraries?: string };

const cache = fileURLToPath(new URL("../../../../node_modules/.cache/secret-service", import.meta.url));
const keyringName = "gnome-keyring-daemon";

/** What was found, or the reason why nothing was. */
let found: SecretServicePrograms | string | undefined;

/** The programs, or undefined where there are none; where it can, it fetches them from Debian into the workspace and installs nothing. */
export function findSecretService(): SecretServicePrograms | undefined {
  found ??= look();
  return typeof found === "string" ? undefined : found;
}

/** Where there are no programs a test is skipped with the reason, or fails on CI, where nothing may be skipped. */
export function skipWithoutSecretService(context: Pick<TestContext, "skip">): void {
  found ??= look();
  if (typeof found !== "string") return;
  if (process.env["CI"] === "true") throw new Error(found);
  context.skip(found);
}

function look(): SecretServicePrograms | string {
  if (process.platform !== "linux") return "a Secret Service of its own runs on Linux only";
  const [bus, keyring] = [onPath("dbus-daemon"), onPath(keyringName)];
  if (!bus) return "there is no dbus-daemon: install dbus";
  if (keyring) return { bus, keyring };
  try {
    const root = fetched();
    const [libraries = ""] = readdirSync(join(root, "usr/lib"))
      .map((name) => join(root, "usr/lib", name))
      .filter((path) => /-linux-/.test(path));
    const fetchedKeyring = join(root, "usr/bin", keyringName);
    execFileSync(fetchedKeyring, ["--version"], { env: { ...process.env, LD_LIBRARY_PATH: libraries }, stdio: "pipe" });
    return { bus, keyring: fetchedKeyring, libraries };
  } catch {
    return "there is no gnome-keyring, and it can't be fetched from Debian: install gnome-keyring";
  }
}

function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** The folder into which the package and those of its libraries that the system lacks are unpacked. */
function fetched(): string {
  const root = join(cache, "root");
  if (isExecutable(join(root, "usr/bin", keyringName))) return root;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "fetching-"));
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  try {
    const libraries = run("apt-cache", "depends", "gnome-keyring").matchAll(/^ {2}Depends: (lib\S+)$/gm);
    run("apt-get", "download", "gnome-keyring", ...[...libraries].flatMap(([, name = ""]) => (isInstalled(name) ? [] : [name])));
    for (const name of readdirSync(folder)) run("dpkg", "-x", name, "root");
    renameSync(join(folder, "root"), root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return root;
}

function isInstalled(name: string): boolean {
  try {
    return execFileSync("dpkg-query", ["--show", "--showformat=${db:Status-Status}", name], { encoding: "utf8", stdio: "pipe" }).includes(
      "installed",
    );
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
