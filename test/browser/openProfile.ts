import type { BrowserContext, Page } from "playwright-core";
import { bundleEntry } from "./bundleEntry.ts";
import { launchBrowser } from "./launchBrowser.ts";
import { type ServedFiles, serveFiles } from "./serveFiles.ts";

/** The functions that a page's script exports. */
export type Script<Exports> = { [Name in keyof Exports]: (...args: never[]) => unknown };

/** A page with the script, and a way to call what it exports. */
export type ScriptPage<Exports extends Script<Exports>> = {
  /** Calls an exported function with arguments that JSON can carry; rejects as it does. */
  call<Name extends keyof Exports & string>(name: Name, ...args: Parameters<Exports[Name]>): Promise<Awaited<ReturnType<Exports[Name]>>>;
  /** The page itself, to do to it what its script can't. */
  page: Page;
};

/** An origin of its own, whose pages share what they keep; it lasts until the profile is closed. */
export type Site<Exports extends Script<Exports>> = { origin: string; openPage(): Promise<ScriptPage<Exports>> };

/** A browser with a profile on disk. */
export type Profile<Exports extends Script<Exports>> = {
  context: BrowserContext;
  /** The browser's version. */
  version: string;
  openSite(): Promise<Site<Exports>>;
  /** Ends the browser, whatever its pages are doing, and the servers. */
  close(): Promise<void>;
};

export type ProfileOptions = {
  browserPath: string;
  /** The pages' script, a TypeScript module. */
  entry: URL;
  /** What the script can fetch. */
  files?: ServedFiles;
  /** Packages that stand in for others in the script, such as another version. */
  alias?: Record<string, string>;
};

/** Starts a browser whose pages all have that script. */
export async function openProfile<Exports extends Script<Exports>>({
  browserPath,
  entry,
  files = {},
  alias = {},
}: ProfileOptions): Promise<Profile<Exports>> {
  const served = { "/page.html": "<!doctype html><title>test</title>", "/entry.js": await bundleEntry(entry, alias), ...files };
  const { context, close: closeBrowser } = await launchBrowser(browserPath);
  const servers: { close(): Promise<void> }[] = [];

  async function openPage(origin: string): Promise<ScriptPage<Exports>> {
    const page = await context.newPage();
    await page.goto(`${origin}/page.html`);
    return {
      page,
      // A string, since test runners rewrite an import() in a function.
      call: (name, ...args) =>
        page.evaluate(`import("/entry.js").then((entry) => entry[${JSON.stringify(name)}](...${JSON.stringify(args)}))`),
    };
  }

  return {
    context,
    version: context.browser()?.version() ?? "unknown",
    async openSite() {
      const server = await serveFiles(served);
      servers.push(server);
      return { origin: server.url, openPage: () => openPage(server.url) };
    },
    async close() {
      await closeBrowser();
      for (const server of servers) await server.close();
    },
  };
}
