import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { browserOrSkip } from "../../../test/browser/browserOrSkip.ts";
import { launchBrowser } from "../../../test/browser/launchBrowser.ts";
import { playStory } from "../../messenger/test/story.ts";
import { startApp } from "../../messenger/test/startApp.ts";

const screenshots = fileURLToPath(new URL("../screenshots", import.meta.url));

describe("npm run example:react", () => {
  it("default: the whole story, clicked through", { timeout: 300_000 }, async (context) => {
    const browserPath = browserOrSkip(context);
    await mkdir(screenshots, { recursive: true });
    const app = await startApp(new URL("../src/main.ts", import.meta.url));
    const browser = await launchBrowser(browserPath);
    try {
      const page = await browser.context.newPage();
      page.setDefaultTimeout(20_000);
      page.setDefaultNavigationTimeout(90_000);
      const errors: string[] = [];
      page.on("pageerror", ({ message }) => errors.push(message));
      await playStory(page, app.url, screenshots);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
      await app.close();
    }
  });
});
