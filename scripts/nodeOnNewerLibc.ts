import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchNewerLibc } from "./fetchNewerLibc.ts";

/** A Node that loads the native binding of `@xmtp/node-sdk` 6.0.0, or the reason why there is none here. */
export type NewerNode = { path: string; reason?: undefined } | { path?: undefined; reason: string };

/** What the binding of `@xmtp/node-sdk` 6.0.0 needs of the GNU C library. */
const neededLibc = "2.38";

const cache = fileURLToPath(new URL("../node_modules/.cache/newer-libc", import.meta.url));
const looked = new Map<string, NewerNode>();

/**
 * A Node on a C library that is new enough for `@xmtp/node-sdk` 6.0.0.
 *
 * Where the system's library is new enough this is the given Node. On an older Debian it is a copy of that Node, which loads
 * a newer library from the workspace's cache; the first call fetches the library. Nothing is installed on the system.
 *
 * @param node - path of the Node to start from
 * @default process.execPath
 *
 * @example
 * const { path, reason } = nodeOnNewerLibc();
 * if (path === undefined) context.skip(reason);
 * else spawn(path, ["main.ts"]);
 */
export function nodeOnNewerLibc(node: string = process.execPath): NewerNode {
  const known = looked.get(node);
  if (known) return known;
  const found = look(node);
  looked.set(node, found);
  return found;
}

function look(node: string): NewerNode {
  const { libc, name } = describeNode(node);
  // Without a version it is another library than GNU's, for which the SDK brings a binding of its own.
  if (libc === null || isNewEnough(libc)) return { path: node };
  const reason = (why: string): NewerNode => ({
    reason: `the C library here is ${libc}, @xmtp/node-sdk 6.0.0 needs ${neededLibc}, and ${why}`,
  });
  if (!existsSync("/usr/bin/apt-get") || !existsSync("/usr/bin/dpkg-deb")) return reason("a newer one is fetched on Debian only");
  const path = join(cache, name);
  try {
    if (!runs(path)) makeCopy(node, path);
    return runs(path) ? { path } : reason("the copy of Node does not load the newer one");
  } catch (error) {
    return reason(`a newer one can't be had: ${firstLine(error)}`);
  }
}

/** A copy that names another loader and looks for its libraries beside it; whole or not there at all, since others look meanwhile. */
function makeCopy(node: string, path: string): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "making-"));
  try {
    const { libraries, loader, patchelf } = fetchNewerLibc(join(cache, "libc"), folder);
    const copy = join(folder, "node");
    copyFileSync(node, copy);
    execFileSync(
      loader,
      ["--library-path", libraries, patchelf, "--set-interpreter", loader, "--set-rpath", libraries, "--force-rpath", copy],
      { stdio: "pipe" },
    );
    renameSync(copy, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Not so where there is none yet, and where the workspace has moved since: a copy names its loader by path. */
function runs(copy: string): boolean {
  try {
    return isNewEnough(describeNode(copy).libc ?? "0");
  } catch {
    return false;
  }
}

/** What a Node says of its C library, and a name for it. */
function describeNode(node: string): { libc: string | null; name: string } {
  const script =
    "process.report.excludeNetwork = true; const { header } = process.report.getReport(); console.log(JSON.stringify([header.glibcVersionRuntime ?? null, process.version + '-' + process.arch]))";
  const [libc, name] = JSON.parse(
    execFileSync(node, ["--eval", script], { encoding: "utf8", stdio: "pipe", env: { ...process.env, NODE_OPTIONS: "" } }),
  ) as [string | null, string];
  return { libc, name: `node-${name}` };
}

function isNewEnough(libc: string): boolean {
  return libc.localeCompare(neededLibc, "en", { numeric: true }) >= 0;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .split("\n")
    .filter(Boolean)
    .slice(0, 2)
    .join(" ");
}
