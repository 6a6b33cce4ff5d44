import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export type PackageJson = {
  name: string;
  version: string;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
};

/** What an app can import: `@xmtp-backup/keys/passkey` is the entry `./passkey` of `@xmtp-backup/keys`. */
export type Entry = { specifier: string; name: string; types: string; script: string };

/** A package that is published. */
export type Package = { folder: string; json: PackageJson; entries: Entry[] };

export const root = resolve(import.meta.dirname, "../..");

/** Gives every published package, with the entries that its `exports` name. */
export function readPackages(): Package[] {
  return readdirSync(join(root, "packages")).map((name) => {
    const folder = join(root, "packages", name);
    const json = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson;
    return { folder, json, entries: entriesOf(json) };
  });
}

function entriesOf({ name, exports }: PackageJson): Entry[] {
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (typeof target === "string") return [];
    const specifier = name + subpath.slice(1);
    return [{ specifier, name: specifier.replace("@xmtp-backup/", "").replaceAll("/", "-"), types: target.types, script: target.default }];
  });
}
