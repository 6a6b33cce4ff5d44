import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const places = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Why nothing ran in a browser, and what to do about it. */
export const noBrowser = "there is no Chromium: install one, or name its path in CHROMIUM_PATH";

/**
 * Path of a Chromium, or undefined where there is none: the one that CHROMIUM_PATH names, or else the first on the path
 * or in a well-known place.
 *
 * @throws when CHROMIUM_PATH names something else, since another browser than the one asked for would mislead.
 */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const asked = env["CHROMIUM_PATH"];
  if (asked && !isExecutable(asked)) throw new Error(`CHROMIUM_PATH names ${asked}, which can't be run`);
  if (asked) return asked;
  const onPath = (env["PATH"] ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
