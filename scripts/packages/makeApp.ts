import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import type { PackedPackage } from "./packPackages.ts";
import { root } from "./readPackages.ts";

const run = promisify(execFile);
const shell = process.platform === "win32";

export type AppOptions = {
  /** Where the app is made. */
  folder: string;
  /** A folder of `test` with the app's own files. */
  template: string;
  /** What of ours it installs. */
  packages: readonly PackedPackage[];
  /** What it installs beside them: names, and what the workspace calls them where that differs. */
  beside: Readonly<Record<string, string>>;
  /** Lets npm install everything, other people's packages too, which takes minutes. @default false */
  install?: boolean;
};

/**
 * Makes a fresh app of a template, with packed packages.
 *
 * Ours are unpacked as npm does. Packages of other people are links to the copies of the workspace, which `npm ci` put there:
 * they need no registry and no second copy. What ours depend on must lie at the top of the app, once, in a version that they accept.
 *
 * @throws when npm finds that a dependency of ours is missing, or present in a version that is not accepted
 */
export async function makeApp(options: AppOptions): Promise<void> {
  const { folder, template, packages, beside, install = false } = options;
  cpSync(join(root, "test", template), folder, { recursive: true });
  const others = Object.fromEntries(Object.entries(beside).map(([name, copy]) => [name, versionOf(join(root, "node_modules", copy))]));
  const ours = Object.fromEntries(
    packages.map(({ json, tarball }) => [json.name, install ? `file:${toUrlPath(relative(folder, tarball))}` : json.version]),
  );
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "app", private: true, type: "module", dependencies: { ...ours, ...others } }, null, 2),
  );
  if (install) return void (await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, shell }));
  for (const { json, tarball } of packages) await unpack(tarball, join(folder, "node_modules", json.name));
  for (const [name, copy] of Object.entries(beside)) link(folder, name, join(root, "node_modules", copy));
  for (const each of packages) for (const name of neededBy(each)) link(folder, name, copyFor(each, name));
  await assertAccepted(folder);
}

async function unpack(tarball: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", folder, "--strip-components", "1"]);
}

/** What a package depends on itself, without what is ours. */
function neededBy({ json }: PackedPackage): string[] {
  return Object.keys(json.dependencies ?? {}).filter((name) => !name.startsWith("@xmtp-backup/"));
}

/** The copy of a dependency that a package has in the workspace. */
function copyFor(packed: PackedPackage, name: string): string {
  const own = join(packed.folder, "node_modules", name);
  return existsSync(own) ? own : join(root, "node_modules", name);
}

/** What lies there already stays: an app has one copy of each. */
function link(folder: string, name: string, copy: string): void {
  const place = join(folder, "node_modules", name);
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(copy, place, "junction");
}

type Listed = { invalid?: string; missing?: boolean; required?: string; problems?: string[]; dependencies?: Record<string, Listed> };

/** By npm's own rules, as after `npm install`; of linked packages it would ask for what only their makers install. */
async function assertAccepted(folder: string): Promise<void> {
  const answer = await run("npm", ["ls", "--all", "--json"], { cwd: folder, maxBuffer: 1 << 28, shell }).catch(
    (error: { stdout: string }) => error,
  );
  const problems = [...problemsOf(JSON.parse(answer.stdout) as Listed)];
  if (problems.length > 0) throw new Error(`npm does not accept the app:\n${[...new Set(problems)].join("\n")}`);
}

function* problemsOf({ dependencies = {}, problems = [] }: Listed): Generator<string> {
  yield* problems.filter((problem) => /^missing: .* required by (@xmtp-backup\/|app$)/.test(problem));
  for (const [name, listed] of Object.entries(dependencies)) {
    if (listed.invalid?.includes("node_modules/@xmtp-backup/") || listed.invalid?.includes("from the root project"))
      yield `${name} is not ${listed.invalid}`;
    if (name.startsWith("@xmtp-backup/")) yield* problemsOf(listed);
  }
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version;
}

const toUrlPath = (path: string) => path.replaceAll(sep, "/");
