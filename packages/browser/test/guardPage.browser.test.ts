import { expect, test } from "vitest";
import { onePage } from "../../../test/browser/onePage.ts";
import type * as script from "./pages/contractsPage.ts";

const pageFor = onePage<typeof script>(async () => ({ entry: new URL("./pages/contractsPage.ts", import.meta.url) }));
type Page = Awaited<ReturnType<typeof pageFor>>;

/** The dialogs that a reload brings up; browsers ask only whoever has touched the page. */
async function dialogsOfReload({ page }: Page): Promise<string[]> {
  const dialogs: string[] = [];
  const accept = (dialog: { type(): string; accept(): Promise<void> }) => {
    dialogs.push(dialog.type());
    void dialog.accept();
  };
  await page.mouse.click(10, 10);
  page.on("dialog", accept);
  await page.reload();
  page.off("dialog", accept);
  return dialogs;
}

test("default: the browser asks before work is lost", async (context) => {
  const page = await pageFor(context);
  await page.call("guard", { safe: false });
  expect(await dialogsOfReload(page)).toEqual(["beforeunload"]);
});

test("behavior: nobody is asked while nothing would be lost", async (context) => {
  const page = await pageFor(context);
  await page.call("guard", { safe: true });
  expect(await dialogsOfReload(page)).toEqual([]);
});

test("behavior: a guard that was ended asks nobody", async (context) => {
  const page = await pageFor(context);
  await page.call("guardAndEnd");
  expect(await dialogsOfReload(page)).toEqual([]);
});
