// Installs a bus and lists what the tests fetch a keychain from, where they are missing and it may: as root on Debian.
import { spawnSync } from "node:child_process";
import { aptGet, mayInstall } from "./aptGet.ts";

const isThere = (name: string) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
const isListed = () => spawnSync("apt-cache", ["show", "gnome-keyring"]).status === 0;

if (mayInstall && (!isThere("dbus-daemon") || !isListed())) {
  aptGet("update");
  aptGet("install", "--yes", "--no-install-recommends", "dbus");
}
process.stdout.write(`Keychain: ${isThere("gnome-keyring-daemon") ? "installed" : isListed() ? "can be fetched" : "can't be fetched"}\n`);
