import type { Page } from "playwright-core";
import { expect } from "vitest";

/** What opens the backups at the end of it, and words that did before. */
export type Secrets = { passphrase: string; replacedWords: string[] };

const passphrase = "cleft cam synod lacy yr wok";

/** In the settings: from backups that only this device opens, to a phrase that was replaced and a passphrase beside it. */
export async function makeWaysIn(page: Page, check: (name: string) => Promise<void>): Promise<Secrets> {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const dialog = page.getByRole("dialog");
  const passphraseField = page.getByLabel("New passphrase");
  const seeText = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const seeWays = (...titles: string[]) =>
    expect.poll(() => page.locator(".way strong").allInnerTexts(), { timeout: 20_000 }).toEqual(titles);

  async function makePhrase(action: string, whileShown = async () => {}): Promise<string[]> {
    await button(action).click();
    const words = await page.locator(".phrase li").allInnerTexts();
    expect(words).toHaveLength(24);
    await whileShown();
    await button("I have written it down").click();
    await page.locator(".phrase").waitFor({ state: "detached" });
    await seeText(/^Noted/);
    return words;
  }

  await seeText("Nothing but this device opens your backups.");
  const replacedWords = await makePhrase("Make a recovery phrase", () => check("phrase"));
  await seeWays("Recovery phrase");
  await seeText("There is only one way in.");

  // A weak passphrase is refused, unless one insists; a strong one is taken, and tried.
  await passphraseField.fill("letmein2026");
  await seeText("Easy to guess");
  await button("Add the passphrase").click();
  await page.getByRole("alert").getByText("The passphrase is too easy to guess.").waitFor();
  expect(await page.getByLabel("Use it all the same").isChecked()).toBe(false);
  await passphraseField.fill(passphrase);
  await seeText("Hard to guess");
  await button("Add the passphrase").click();
  await seeText(/^Added/);
  await seeWays("Recovery phrase", "Passphrase");
  await button("Try it: Passphrase").click();
  await dialog.getByLabel("Passphrase", { exact: true }).fill(passphrase);
  await dialog.getByRole("button", { name: "Try it" }).click();
  await dialog.getByText(/^It is right/).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();

  // A new phrase takes the place of the old one; one of two can go, the last one can't.
  await makePhrase("Replace the recovery phrase");
  await seeWays("Passphrase", "Recovery phrase");
  await page.locator(".ways").scrollIntoViewIfNeeded();
  await check("ways-in");
  await button("Remove: Recovery phrase").click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await dialog.waitFor({ state: "detached" });
  await seeWays("Passphrase");
  await button("Remove: Passphrase").click();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await dialog.getByRole("alert").getByText("Add another way first").waitFor();
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await seeWays("Passphrase");
  await makePhrase("Make a recovery phrase");
  await seeWays("Passphrase", "Recovery phrase");

  // A new key, which every way opens; the backup that there is gets it too.
  await button("Make a new key").click();
  await seeText("1 older backup has the old key still.");
  await button("Encrypt older backups again").click();
  await seeText(/^All your backups have the new key/);
  return { passphrase, replacedWords };
}
