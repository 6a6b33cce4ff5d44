import type { Page } from "playwright-core";
import { bundleEntry } from "./bundleEntry.ts";
import { launchBrowser } from "./launchBrowser.ts";
import { type ServedFiles, serveFiles } from "./serveFiles.ts";

/** The functions that a page's script exports. */
export type Script<Exports> = { [Name in keyof Exports]: (...args: never[]) => unknown };

/** A page in a real browser, and a way to call what its script exports. */
export type BrowserPage<Exports extends Script<Exports>> = {
  /** Calls an exported function with arguments that JSON can carry; rejects as it does. */
  call<Name extends keyof Exports & string>(name: Name, ...args: Parameters<Exports[Name]>): Promise<Awaited<ReturnType<Exports[Name]>>>;
  /** The page itself, to do to it what its script can't. */
  page: Page;
  /** The browser's version. */
  version: string;
  /** Ends the browser, whatever the page is doing, and the server. */
  close(): Promise<void>;
};

export type PageOptions = {
  browserPath: string;
  /** The page's script, a TypeScript module. */
  entry: URL;
  /** What the script can fetch. */
  files?: ServedFiles;
  /** Packages that stand in for others in the script, such as another version. */
  alias?: Record<string, string>;
};

/** Opens a page with that script on a server and in a browser of its own. */
export async function openPage<Exports extends Script<Exports>>({ browserPath, entry, files = {}, alias = {} }: PageOptions): Promise<BrowserPage<Exports>> {
  const script = await bundleEntry(entry, alias);
  const server = await serveFiles({ "/page.html": "<!doctype html><title>test</title>", "/entry.js": script, ...files });
  const browser = await launchBrowser(browserPath).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.context.newPage();
    await page.goto(`${server.url}/page.html`);
    return {
      page,
      version: browser.context.browser()?.version() ?? "unknown",
      // A string, since test runners rewrite an import() in a function.
      call: (name, ...args) => page.evaluate(`import("/entry.js").then((entry) => entry[${JSON.stringify(name)}](...${JSON.stringify(args)}))`),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
