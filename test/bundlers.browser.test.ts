import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type LocalNetwork, startLocalNetwork } from "@xmtp-backup/local-network";
import { build as buildWithEsbuild, type BuildOptions } from "esbuild";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { build as buildWithVite, createServer } from "vite";
import webpack, { type Configuration } from "webpack";
import { browserOrSkip } from "./browser/browserOrSkip.ts";
import { launchBrowser } from "./browser/launchBrowser.ts";
import { type ServedFiles, serveFiles } from "./browser/serveFiles.ts";

const app = fileURLToPath(new URL("./bundlers", import.meta.url));
const built = fileURLToPath(new URL("../packages/browser/dist/index.js", import.meta.url));

/** Builds the app into a folder, each bundler with the configuration that `docs/browser.md` shows. */
const bundlers: Record<string, (folder: string) => Promise<unknown>> = {
  Vite: (outDir) => buildWithVite({ root: app, logLevel: "silent", build: { outDir, reportCompressedSize: false } }),
  webpack: async (path) =>
    runWebpack({ ...(await configOf<Configuration>("webpack")), context: app, output: { path }, optimization: { minimize: false } }),
  esbuild: async (outdir) => {
    const config = await configOf<BuildOptions>("esbuild");
    const entryPoints = (config.entryPoints as { in: string; out: string }[]).map(asPublished);
    return buildWithEsbuild({ ...config, entryPoints, absWorkingDir: app, outdir, logLevel: "silent" });
  },
};

/** In the workspace the package's name leads to its source; an app gets what is built. */
function asPublished({ in: file, out }: { in: string; out: string }): { in: string; out: string } {
  return { in: file.replace(/packages([\\/])browser\1src/, "packages$1browser$1dist"), out };
}

async function configOf<T>(name: string): Promise<T> {
  return ((await import(`./bundlers/${name}.config.js`)) as { default: T }).default;
}

async function runWebpack(config: Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    webpack(config, (error, stats) => {
      if (error ?? stats?.hasErrors()) reject(error ?? new Error(stats?.toString("errors-only")));
      else resolve();
    });
  });
}

/** What is in a folder, as a plain web server offers it. */
async function filesIn(folder: string): Promise<ServedFiles> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [`/${relative(folder, path).replaceAll(sep, "/")}`, await readFile(path)] as const)),
  );
}

describe("an app in a page without COOP and COEP headers", { timeout: 60_000 }, () => {
  let network: LocalNetwork;
  let folder: string;
  let browser: ReturnType<typeof launchBrowser> | undefined;
  beforeAll(async () => {
    // As apps get them from npm.
    if (!existsSync(built)) throw new Error("The packages are not built: npm run build, which npm test does by itself.");
    network = await startLocalNetwork();
    folder = await mkdtemp(join(tmpdir(), "xmtp-backup-bundlers-"));
  });
  afterAll(async () => {
    await (await browser)?.close();
    await network.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function contextFor(context: TestContext): Promise<BrowserContext> {
    const browserPath = browserOrSkip(context);
    return (await (browser ??= launchBrowser(browserPath))).context;
  }

  /** What the app says on its page, or the first error. */
  async function resultOf(context: BrowserContext, url: string, more = ""): Promise<unknown> {
    const page = await context.newPage();
    try {
      const failure = new Promise<string>((resolve) => page.on("pageerror", ({ message }) => resolve(message)));
      await page.goto(`${url}/index.html?network=${encodeURIComponent(network.url)}${more}`);
      const result = page.locator("output:not(:empty)").textContent({ timeout: 45_000 });
      return JSON.parse((await Promise.race([result, failure.then((message) => JSON.stringify(message))])) ?? "null");
    } finally {
      await page.close();
    }
  }

  const backedUp = { crossOriginIsolated: false, messages: 1, isListed: true };

  for (const [name, build] of Object.entries(bundlers)) {
    test(`default: built by ${name}, it creates a client and backs up`, async (context) => {
      const browserContext = await contextFor(context);
      const out = join(folder, name);
      await build(out);
      const page = await readFile(join(app, "index.html"), "utf8");
      const server = await serveFiles({ "/index.html": page, ...(await filesIn(out)) });
      try {
        expect(await resultOf(browserContext, server.url)).toEqual(backedUp);
        expect(await resultOf(browserContext, server.url, "&oldSafari")).toEqual(backedUp);
      } finally {
        await server.close();
      }
    });
  }

  test("default: on Vite's dev server, it creates a client and backs up", async (context) => {
    const browserContext = await contextFor(context);
    const server = await createServer({
      root: app,
      cacheDir: join(folder, "cache"),
      logLevel: "silent",
      server: { host: "127.0.0.1", port: 0 },
    });
    try {
      await server.listen();
      const { port } = server.httpServer?.address() as AddressInfo;
      expect(await resultOf(browserContext, `http://127.0.0.1:${port}`)).toEqual(backedUp);
      expect(await resultOf(browserContext, `http://127.0.0.1:${port}`, "&oldSafari")).toEqual(backedUp);
    } finally {
      await server.close();
    }
  });
});

describe("docs/browser.md", () => {
  test.each(["vite", "webpack", "esbuild"])("default: shows the configuration of %s that was tried here", async (name) => {
    const page = await readFile(new URL("../docs/browser.md", import.meta.url), "utf8");
    expect(page).toContain(`\`\`\`js\n${await readFile(join(app, `${name}.config.js`), "utf8")}\`\`\`\n`);
  });
});
