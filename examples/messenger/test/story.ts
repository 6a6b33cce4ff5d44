import type { Page } from "playwright-core";
import { expect } from "vitest";
import { checkScreen } from "./checkScreen.ts";
import { restoreAgain } from "./restoreAgainStory.ts";
import { cancelWhenShown, watchTask } from "./watchTask.ts";
import { makeWaysIn } from "./waysInStory.ts";

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 20_000 });

/**
 * The whole story of the messenger, as a person goes through it: the way from the first message to a backup and the restore
 * with the keyboard alone. Every main screen is checked on its way, and its pictures are kept in the folder.
 */
export async function playStory(page: Page, url: string, screenshots: string): Promise<void> {
  const check = (name: string) => checkScreen(page, name, screenshots);
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
  const link = (name: string | RegExp) => page.getByRole("link", { name });
  const dialog = page.getByRole("dialog");
  const bubbles = page.locator(".bubble");
  const archives = page.locator(".archive");
  const seeText = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const textOf = (selector: string) => page.locator(selector).first().innerText();
  const tabTo = (name: string) => tabToElement(page, name);

  // A new person, who meets Bob.
  await makeItNoon(page);
  await page.goto(url);
  await button("Sign in").waitFor();
  await check("welcome");
  await tabTo("Sign in");
  await page.keyboard.press("Enter");
  await button("Meet Bob").waitFor();
  await check("chats-empty");
  await tabTo("Meet Bob");
  await page.keyboard.press("Enter");
  await link(/^Bob/).waitFor();
  await tabTo("Bob");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Bob", level: 2 }).waitFor();
  expect(await focused(page)).toBe("Bob");
  await tabTo("Message");
  await page.keyboard.type("See you in Lisbon");
  await page.keyboard.press("Enter");
  await eventually(() => bubbles.count()).toBeGreaterThanOrEqual(4);
  await check("chat");
  await ask(url, "whisper");
  await seeText("The key is under the mat.");

  // A group that nobody can take the user out of: its admin is away.
  await ask(url, "introduce");
  await link(/^Choir/).click();
  await button("Leave").click();
  await dialog.getByRole("button", { name: "Leave it" }).click();
  await seeText("You asked to leave this group.");
  await check("left");

  // A first backup, with a name; nothing moves while it runs.
  await tabTo("Backups");
  await page.keyboard.press("Enter");
  await page.getByText("No backup yet").waitFor();
  await eventually(() => focused(page)).toBe("Backups");
  await tabTo("Name");
  await page.keyboard.type("Before the holiday");
  const seen = await watchTask(page);
  await page.keyboard.press("Enter");
  await seeText(/^Backed up \d+ messages in/);
  await archives.first().waitFor();
  await page.locator(".archive-why", { hasText: "You named it." }).waitFor();
  const { labels, parts, shift } = await seen();
  expect(labels).toContain("Collecting your messages");
  expect(parts).toEqual([...parts].sort((one, other) => one - other));
  expect(shift).toBeLessThan(0.01);
  expect(await textOf(".archive")).toContain("Before the holiday");

  // What is suggested is put aside, and stays away.
  await link("Chats").click();
  const suggestions = page.getByRole("complementary", { name: "Suggestions" });
  await suggestions.getByText("Put the key in a safe place.").waitFor();
  await check("chats-reminded");
  await suggestions.getByRole("button", { name: "Not now" }).click();
  await suggestions.waitFor({ state: "detached" });

  // Settings are followed once they are saved.
  await link("Settings").click();
  await page.getByLabel("How often").selectOption("weekly");
  await page.getByLabel(/^Newest/).fill("1");
  await seeText("Not saved yet.");
  await check("settings");
  await button("Save").click();
  await seeText(/^Saved\. The next backup is/);
  const { passphrase, replacedWords } = await makeWaysIn(page, check);

  // Archives: rename, pin, one that is cancelled, and one that is deleted.
  await link("Backups").click();
  await button("Rename: Before the holiday").click();
  await dialog.getByLabel("Name").fill("Holiday");
  await check("rename");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await button("Keep for good: Holiday").click();
  await button("No longer keep for good: Holiday").waitFor();
  expect(await focused(page)).toBe("No longer keep for good: Holiday");
  await cancelWhenShown(page);
  await button("Back up now").click();
  await seeText(/^Cancelled/);
  expect(await archives.count()).toBe(1);
  await button("Back up now").click();
  await eventually(() => archives.count()).toBe(2);
  await check("backups");
  await button(/^Delete: Backup /).click();
  await dialog.getByRole("heading", { name: "Delete this backup?" }).waitFor();
  expect(await focused(page)).toBe("Keep it");
  await check("delete");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await focused(page)).toMatch(/^Delete: Backup /);
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await eventually(() => archives.count()).toBe(1);
  await eventually(() => focused(page)).toBe("Your backups");

  // Bob takes a message back that the first backup holds; the next one knows it.
  await link("Chats").click();
  await link(/^Bob/).click();
  const takenBack = await page.locator(".message[data-from=them] .bubble").first().innerText();
  await ask(url, "take-back");
  await seeText("This message was deleted");
  expect(await bubbles.allInnerTexts()).not.toContain(takenBack);
  await check("chat-deleted");
  await link("Backups").click();
  await page.getByRole("textbox", { name: "Name" }).fill("After the holiday");
  await button("Back up now").click();
  await eventually(() => archives.count()).toBe(2);

  // The device is lost, and two hours pass; on the next one the wizard is offered, and the archive is locked.
  await link("Settings").click();
  await button("Lose this device").click();
  await dialog.getByRole("button", { name: "Lose it" }).click();
  await page.getByRole("heading", { name: "Welcome back" }).waitFor();
  await check("welcome-back");
  await letTimePass(page);
  await button("Sign in").click();
  await dialog.getByText("This backup is locked").waitFor();
  await dialog.getByRole("textbox", { name: "Recovery phrase" }).fill(replacedWords.slice(1).join(" "));
  await button("Unlock").click();
  await dialog.getByRole("alert").getByText("A recovery phrase has 24 words; this one has 23.").waitFor();
  await dialog.getByRole("textbox", { name: "Recovery phrase" }).fill(replacedWords.join(" "));
  await button("Unlock").click();
  await dialog.getByRole("alert").getByText("Look for what you wrote down for this app").waitFor();
  await eventually(() => focused(page)).toBe("Recovery phrase");
  await check("restore-locked");
  await dialog.getByRole("radio", { name: "My passphrase" }).check();
  await dialog.getByLabel("Passphrase", { exact: true }).fill(`${passphrase}s`);
  await button("Unlock").click();
  await dialog.getByRole("alert").getByText("This doesn’t open your backups.").waitFor();
  await eventually(() => focused(page)).toBe("Passphrase");
  await dialog.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await button("Unlock").click();
  await dialog.getByRole("radio", { name: /^Holiday/ }).waitFor();
  await check("restore-find");

  // What it holds, before anything is changed; then the restore.
  await eventually(() => focused(page)).toBe("Check this backup");
  await dialog.getByRole("radio", { name: /^Holiday/ }).check();
  await tabTo("Check this backup");
  await page.keyboard.press("Enter");
  await dialog.getByRole("heading", { name: "This is what comes back" }).waitFor();
  expect(await textOf(".wizard .facts")).toMatch(/Messages\s+\d+\s+Conversations\s+3/);
  expect(await textOf(".not-restored")).toMatch(
    /^This does not come back\s+One disappearing message is left out\. Its time is over\.\s+Messages sent after this backup are not in it\./,
  );
  await check("restore-preview");
  const seenRestore = await watchTask(page);
  expect(await focused(page)).toBe("This is what comes back");
  await tabTo("Restore");
  await page.keyboard.press("Enter");
  await dialog.getByRole("heading", { name: "Welcome back" }).waitFor();
  expect((await seenRestore()).labels).toContain("Bringing your messages back");
  expect(await textOf(".result")).toMatch(
    /^\d+ messages in 3 conversations are back\.\s+\d+ new messages in 3 conversations\.\s+3 conversations are read-only for now\.$/,
  );
  expect(await textOf(".not-restored")).toMatch(/^This is different now\s+One disappearing message is left out\. Its time is over\./);
  expect(await textOf(".not-restored")).toContain("A group names you as its only admin until it is active again.");
  await check("restore-done");
  await tabTo("Go to my chats");
  await page.keyboard.press("Enter");
  await eventually(() => focused(page)).toBe("Chats");

  // The new device makes a backup of its own, which would else come a minute later.
  await link("Backups").click();
  await button("Back up now").click();
  await seeText(/^Backed up \d+ messages in/);
  await link("Chats").click();

  await restoreAgain(page, takenBack, check);

  // Restored conversations are grey until a member's client has let this installation in, or the DM is started again.
  await seeText("2 conversations are read-only for now");
  const composer = page.getByRole("textbox");
  await link(/^Choir/).click();
  await page.locator("#readonly").getByText("You had left this group").waitFor();
  await check("read-only-left");
  await tabTo("Follow again");
  await page.keyboard.press("Enter");
  await button("Follow again").waitFor({ state: "detached" });
  expect(await focused(page)).toBe("Choir");
  expect(await composer.isDisabled()).toBe(true);
  await link(/^Lisbon in May/).click();
  await composer.waitFor();
  expect(await composer.isDisabled()).toBe(true);
  expect(await textOf("#readonly")).toContain("becomes active when one of them writes");
  expect(await composer.getAttribute("aria-describedby")).toBe("readonly");
  await check("read-only");
  await link(/^Bob/).click();
  await button("Start again").click();
  await check("start-again");
  await dialog.getByRole("button", { name: "Start again" }).click();
  await seeText("1 of 3 conversations is active again");
  await eventually(() => composer.isEnabled()).toBe(true);
  await eventually(() => bubbles.allInnerTexts()).toContain("See you in Lisbon");
  await link(/^Lisbon in May/).click();
  await ask(url, "write");
  await seeText("All 3 conversations are active again");
  await eventually(() => composer.isEnabled()).toBe(true);
  await composer.fill("Back again");
  await button("Send").click();
  await eventually(() => bubbles.allInnerTexts()).toContain("Back again");
  await check("active");
  await button("Got it").click();
  expect(await page.locator(".banner").isVisible()).toBe(false);

  await openSecondTab(page, url, screenshots);
}

/** Asks Bob, by the example's server. */
async function ask(url: string, request: "write" | "whisper" | "take-back" | "introduce"): Promise<void> {
  const { status } = await fetch(new URL(`/example/bob/${request}`, url), { method: "POST" });
  expect(status).toBe(204);
}

/** Two hours pass on the clock of this browser, in pages that are opened later too. */
async function letTimePass(page: Page): Promise<void> {
  const goOn = () => {
    const { now } = Date;
    Date.now = () => now() + 7_200_000;
  };
  await page.context().addInitScript(goOn);
  await page.evaluate(goOn);
}

/** A second tab has no chats but the same backups, and everything once the first is closed. */
async function openSecondTab(first: Page, url: string, screenshots: string): Promise<void> {
  const tab = await first.context().newPage();
  await makeItNoon(tab);
  await tab.goto(url);
  await tab.getByRole("heading", { name: "Your chats are open in another tab" }).waitFor();
  await tab.getByText("Your messages are protected").waitFor();
  await checkScreen(tab, "elsewhere", screenshots);
  await tab.getByRole("textbox", { name: "Name" }).fill("From the other tab");
  await tab.getByRole("button", { name: "Back up now" }).click();
  await tab
    .getByText(/^Backed up \d+ messages/)
    .first()
    .waitFor();
  await first.close();
  await tab.getByRole("link", { name: /^Lisbon in May/ }).waitFor();
  await tab.getByRole("link", { name: "Backups" }).click();
  await tab.getByText("From the other tab").first().waitFor();
}

/** Takes the page to where it is noon, so that neither midnight nor the hour of a backup comes in between. */
async function makeItNoon(page: Page): Promise<void> {
  const hoursWest = new Date().getUTCHours() - 12;
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setTimezoneOverride", { timezoneId: `Etc/GMT${hoursWest < 0 ? "" : "+"}${hoursWest}` });
}

/** What has the focus, by its accessible name as far as this page needs it; it must be seen to have it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    if (element === document.body) return "";
    const field = (element as HTMLInputElement).labels?.[0]?.innerText;
    return element.getAttribute("aria-label") ?? field ?? element.innerText.trim();
  });
}

/** Presses Tab until what is called so, or begins with it, has the focus, and sees that it is drawn. */
async function tabToElement(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let count = 0; count < 40; count += 1) {
    await page.keyboard.press("Tab");
    const current = await focused(page);
    if (current.split("\n").some((line) => line.trim() === name)) {
      expect(await page.evaluate(() => getComputedStyle(document.activeElement as HTMLElement).outlineStyle), `the focus of ${name}`).toBe(
        "solid",
      );
      return;
    }
    passed.push(current);
  }
  throw new Error(`Tab does not lead to ${name}, but to ${passed.join(", ")}`);
}
