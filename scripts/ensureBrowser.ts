// Installs a Chromium where there is none and it may: as root on Debian. Elsewhere it says so and leaves it to the tests.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findBrowser, noBrowser } from "../test/browser/findBrowser.ts";

const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

if (findBrowser() === undefined && mayInstall) {
  aptGet("update");
  aptGet("install", "--yes", "--no-install-recommends", "chromium");
}
process.stdout.write(`Chromium: ${findBrowser() ?? noBrowser}\n`);

function aptGet(...args: string[]): void {
  process.stdout.write(`apt-get ${args.join(" ")}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr } = spawnSync("/usr/bin/apt-get", ["-q", "-o", "Acquire::Retries=3", ...args], { env, encoding: "utf8" });
  // A package list that can't be renewed may still do; whether there is a browser is what counts.
  if (status !== 0) process.stdout.write(`${stdout}${stderr}apt-get ended with ${status}\n`);
}
