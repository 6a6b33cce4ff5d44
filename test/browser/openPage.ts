import { openProfile, type ProfileOptions, type Script, type ScriptPage } from "./openProfile.ts";

export type { Script };

/** The only page of a real browser. */
export type BrowserPage<Exports extends Script<Exports>> = ScriptPage<Exports> & {
  /** The browser's version. */
  version: string;
  /** Ends the browser, whatever the page is doing, and the server. */
  close(): Promise<void>;
};

export type PageOptions = ProfileOptions;

/** Opens a page with that script on a server and in a browser of its own. */
export async function openPage<Exports extends Script<Exports>>(options: PageOptions): Promise<BrowserPage<Exports>> {
  const { openSite, version, close } = await openProfile<Exports>(options);
  try {
    const page = await (await openSite()).openPage();
    return { ...page, version, close };
  } catch (error) {
    await close();
    throw error;
  }
}
