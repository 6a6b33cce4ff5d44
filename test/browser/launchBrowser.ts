import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

/**
 * Starts a headless Chromium with a profile of its own, which is deleted when it is closed.
 *
 * The profile is a folder and not a private window, since origin-private files are many times slower in the latter.
 */
export async function launchBrowser(browserPath: string): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), "xmtp-backup-browser-"));
  const removeProfile = () => rm(profile, { recursive: true, force: true, maxRetries: 5 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: browserPath,
      headless: true,
      // It must not look for anything outside of this machine: only our own pages are opened.
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    const close = async () => {
      await context.close();
      await removeProfile();
    };
    return { context, close };
  } catch (error) {
    await removeProfile();
    throw error;
  }
}
