// A part of `npm run version`, after `changeset version`: core's errors name the version of its package.json.
import { readFileSync, writeFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("packages/core/package.json", "utf8")) as { version: string };
const file = "packages/core/src/errors/version.ts";
const source = readFileSync(file, "utf8");
const written = source.replace(/(?<=^export const version = ")[^"]+(?=";$)/m, version);
if (!written.includes(`"${version}"`)) throw new Error(`${file} has no version to write.`);
writeFileSync(file, written);
