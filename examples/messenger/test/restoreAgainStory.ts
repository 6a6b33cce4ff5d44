import type { Page } from "playwright-core";
import { expect } from "vitest";

/**
 * With the older backup restored: the newer one says that Bob deleted a message, which hides it here. After that the older one
 * leaves it out.
 *
 * @param takenBack - what Bob had written there
 */
export async function restoreAgain(page: Page, takenBack: string, check: (name: string) => Promise<void>): Promise<void> {
  const dialog = page.getByRole("dialog");
  const bubbles = page.locator(".bubble");
  const notRestored = page.locator(".not-restored");
  const result = page.locator(".result");

  async function preview(title: string): Promise<void> {
    await page.getByRole("link", { name: "Backups" }).click();
    await page.getByRole("button", { name: `Restore: ${title}`, exact: true }).click();
    await dialog.getByRole("button", { name: "Check this backup" }).click();
    await dialog.getByRole("heading", { name: "This is what comes back" }).waitFor();
  }

  async function confirm(): Promise<void> {
    await dialog.getByRole("button", { name: "Restore", exact: true }).click();
    await dialog.getByRole("heading", { name: "Welcome back" }).waitFor();
  }

  async function openBob(): Promise<void> {
    await dialog.getByRole("link", { name: "Go to my chats" }).click();
    await page.getByRole("link", { name: /^Bob/ }).click();
  }

  await page.getByRole("link", { name: /^Bob/ }).click();
  await bubbles.getByText(takenBack, { exact: true }).waitFor();
  await preview("After the holiday");
  expect(await notRestored.innerText()).not.toContain("deleted");
  await confirm();
  await openBob();
  await bubbles.getByText("This message was deleted").waitFor();
  expect(await bubbles.allInnerTexts()).not.toContain(takenBack);

  await preview("Holiday");
  expect(await notRestored.innerText()).toMatch(
    /^This does not come back\s+One message was deleted for everyone\. It stays deleted\.\s+One disappearing message is left out\. Its time is over\.\s+Messages sent after/,
  );
  await check("restore-again-preview");
  await confirm();
  expect(await result.innerText()).toMatch(
    /^\d+ messages in 3 conversations are back\.\s+Nothing new: everything was on this device already\./,
  );
  expect(await notRestored.innerText()).toMatch(
    /^This is different now\s+One message was deleted for everyone\. It stays deleted\.\s+One disappearing message is left out/,
  );
  await check("restore-again-done");
  await dialog.getByRole("link", { name: "Go to my chats" }).click();
}
