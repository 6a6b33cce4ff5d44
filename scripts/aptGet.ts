import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Whether packages of Debian can be installed: as root on Debian. */
export const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/** A package list that can't be renewed may still do; whether what was wanted is there is what counts. */
export function aptGet(...args: string[]): void {
  process.stdout.write(`apt-get ${args.join(" ")}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr } = spawnSync("/usr/bin/apt-get", ["-q", "-o", "Acquire::Retries=3", ...args], { env, encoding: "utf8" });
  if (status !== 0) process.stdout.write(`${stdout}${stderr}apt-get ended with ${status}\n`);
}
