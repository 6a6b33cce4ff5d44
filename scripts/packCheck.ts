// `npm run pack:check`, and a part of `npm test`: the packages as npm would publish them, linted, installed into fresh apps, and used there.
// With `--install` npm installs the apps' other packages from its registry too, as on a user's machine; that takes minutes.
// A word chooses the apps whose names contain it.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { lintPackage } from "./packages/lintPackage.ts";
import { type AppOptions, makeApp } from "./packages/makeApp.ts";
import { type PackedPackage, packPackages } from "./packages/packPackages.ts";
import { readPackages, root } from "./packages/readPackages.ts";
import { runPage } from "./packages/runPage.ts";

const run = promisify(execFile);
const install = process.argv.includes("--install");
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const folder = mkdtempSync(join(tmpdir(), "xmtp-backup-pack-"));
const startedMs = performance.now();

/** Entries that run in pages only, or on Node only; all others run everywhere. */
const pagesOnly = new Set(["browser", "keys-passkey", "react", "vue"]);
const nodeOnly = new Set(["node", "node-agents", "local-network", "stores-server"]);

/** An app keeps one copy of what it has in common with the packages: here the oldest versions that they accept. */
const oldest = { rxjs: "rxjs-7.8.1", xstate: "xstate-5.20.0" };
const sameAs = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]));
const node = sameAs("@xmtp/node-sdk", "viem");
/** The SDK calls viem optional, and its module for pages imports it all the same. */
const page = sameAs("@xmtp/browser-sdk", "viem");
const remote = sameAs("@tus/file-store", "@tus/server", "aws4fetch", "saxes", "srvx", "tus-js-client");
const bindings = sameAs("react", "react-dom", "vue");
const types = sameAs("@types/node", "@types/react");

const packages = readPackages();
const entries = packages.flatMap((each) => each.entries);

/** One module that imports every given entry, and insists that each exports something. */
function importAll(some: typeof entries): string {
  const imports = some.map(({ specifier }, index) => `import * as entry${index} from "${specifier}";`);
  const modules = some.map((_, index) => `entry${index}`).join(", ");
  return `${imports.join("\n")}\n\nfor (const module of [${modules}]) if (Object.keys(module).length === 0) throw new Error("An entry exports nothing.");\n`;
}

type Make = (options: Pick<AppOptions, "template" | "beside">, ...names: string[]) => Promise<void>;

/** Each makes an app in the folder, with the named packages or all, uses it, and gives what the app says. */
const apps: Record<string, (folder: string, make: Make) => Promise<string>> = {
  "TypeScript, strict, without skipLibCheck": async (folder, make) => {
    await make({ template: "packed/types", beside: { ...oldest, ...node, ...page, ...remote, ...bindings, ...types } });
    writeFileSync(join(folder, "inPages.ts"), importAll(entries.filter(({ name }) => !nodeOnly.has(name))));
    writeFileSync(join(folder, "onNode.ts"), importAll(entries.filter(({ name }) => !pagesOnly.has(name))));
    const compilers = { "TypeScript 6": "typescript/bin/tsc6", "TypeScript 7": "@typescript/native/bin/tsc" };
    for (const compiler of Object.values(compilers))
      for (const resolution of ["bundler", "nodenext"])
        await run(process.execPath, [join(root, "node_modules", compiler), "-p", `tsconfig.${resolution}.json`, "--pretty", "false"], {
          cwd: folder,
        });
    return `bundler and nodenext, by ${Object.keys(compilers).join(" and ")}`;
  },
  "Node, ES modules": async (folder, make) => {
    await make({ template: "packed/node", beside: { ...oldest, ...node } }, "archive", "core", "local-network", "node");
    return (await run(process.execPath, ["main.ts"], { cwd: folder })).stdout.trim();
  },
  "server rendering": async (folder, make) => {
    await make({ template: "packed/server", beside: { ...node, ...page, ...remote, ...bindings } });
    writeFileSync(join(folder, "everyEntry.ts"), importAll(entries));
    writeFileSync(join(folder, "entries.json"), JSON.stringify(entries.map(({ specifier }) => specifier)));
    // Frameworks with server components read this directive, which a bundler of ours could drop.
    const react = readFileSync(join(folder, "node_modules/@xmtp-backup/react/dist/index.js"), "utf8");
    if (!react.startsWith('"use client";')) throw new Error('The React binding does not begin with "use client".');
    const bundle: BuildOptions = {
      absWorkingDir: folder,
      stdin: { contents: `import "./everyEntry.ts";\nimport "./render.ts";`, resolveDir: folder },
      bundle: true,
      platform: "node",
      target: "node22",
      external: ["@xmtp/node-sdk"],
      logLevel: "error",
    };
    await build({ ...bundle, format: "cjs", outfile: "render.cjs", logOverride: { "empty-import-meta": "silent" } });
    await build({ ...bundle, format: "esm", packages: "external", outfile: "render.js" });
    for (const script of ["require.cjs", "render.js"]) await run(process.execPath, [script], { cwd: folder });
    return (await run(process.execPath, ["render.cjs"], { cwd: folder })).stdout.trim();
  },
  "Vite, in Chromium": async (folder, make) => {
    await make({ template: "bundlers", beside: { ...page, ...sameAs("vite") } }, "archive", "browser", "core");
    return runPage(folder);
  },
};

async function timed<T>(name: string, work: () => Promise<T>, tell: (result: T) => string): Promise<T> {
  const fromMs = performance.now();
  const result = await work();
  process.stdout.write(`${name}: ${tell(result)} (${((performance.now() - fromMs) / 1000).toFixed(1)} s)\n`);
  return result;
}

async function checkApp(name: string, packed: readonly PackedPackage[]): Promise<void> {
  const place = join(folder, name.replaceAll(/\W+/g, "-").toLowerCase());
  const make: Make = (options, ...names) => {
    const chosen = packed.filter(({ json }) => names.length === 0 || names.includes(json.name.replace("@xmtp-backup/", "")));
    return makeApp({ ...options, folder: place, packages: chosen, install });
  };
  mkdirSync(place);
  await timed(name, async () => apps[name]?.(place, make), String);
}

async function lintAll(packed: readonly PackedPackage[]): Promise<void> {
  const problems = await timed(
    "publint and arethetypeswrong",
    async () => (await Promise.all(packed.map(lintPackage))).flat(),
    ({ length }) => `${length} problems`,
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

try {
  const packed = await timed(
    "packed",
    () => packPackages(packages, folder),
    ({ length }) => `${length} packages with ${entries.length} entries`,
  );
  // The compilers are processes of their own, and take as long as everything else.
  const chosen = Object.keys(apps).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  const compiled = chosen.filter((name) => name.startsWith("TypeScript"));
  const results = await Promise.allSettled([
    ...compiled.map((name) => checkApp(name, packed)),
    (async () => {
      await lintAll(packed);
      for (const name of chosen) if (!compiled.includes(name)) await checkApp(name, packed);
    })(),
  ]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  process.stdout.write(
    `${packed.length} packages, ${entries.length} entries, ${chosen.length} apps: ${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`,
  );
} catch (error) {
  const output = error as { stdout?: string; stderr?: string };
  process.stderr.write(`${[output.stdout, output.stderr, String(error)].filter(Boolean).join("\n")}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
