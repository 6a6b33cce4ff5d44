import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { build } from "vite";
import { findBrowser, noBrowser } from "../../test/browser/findBrowser.ts";
import { launchBrowser } from "../../test/browser/launchBrowser.ts";
import { type ServedFiles, serveFiles } from "../../test/browser/serveFiles.ts";

/** Builds the app in a folder by Vite, runs it in Chromium on a local network, and gives what it says on its page. */
export async function runPage(app: string): Promise<string> {
  const out = join(app, "out");
  await build({ root: app, logLevel: "error", build: { outDir: out, reportCompressedSize: false } });
  const browserPath = findBrowser();
  if (browserPath === undefined && process.env["CI"] === "true") throw new Error(noBrowser);
  if (browserPath === undefined) return `built, and not run: ${noBrowser}`;
  const network = await startLocalNetwork();
  const server = await serveFiles(await filesIn(out));
  const { context, close } = await launchBrowser(browserPath);
  try {
    const page = await context.newPage();
    const failure = new Promise<never>((_resolve, reject) => page.on("pageerror", reject));
    failure.catch(() => undefined); // later ones, when the page has said what it had to say
    await page.goto(`${server.url}/index.html?network=${encodeURIComponent(network.url)}`);
    const said = page.locator("output:not(:empty)").textContent({ timeout: 60_000 });
    const text = (await Promise.race([said, failure])) ?? "";
    if (!(JSON.parse(text) as { isListed: boolean }).isListed) throw new Error(`The page's backup is not listed: ${text}`);
    return text;
  } finally {
    await close();
    await server.close();
    await network.close();
  }
}

/** What is in a folder, as a plain web server offers it. */
async function filesIn(folder: string): Promise<ServedFiles> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [`/${relative(folder, path).replaceAll(sep, "/")}`, await readFile(path)] as const)),
  );
}
