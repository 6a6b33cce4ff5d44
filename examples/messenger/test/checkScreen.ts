import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const schemes = ["light", "dark"] as const;

/**
 * Checks what the page shows, on a desktop and a phone, in light and dark: nobody is shut out (axe), nothing sticks out at the
 * side, down to 320 pixels. A picture of each is kept in the folder. The page is left light and on a desktop.
 */
export async function checkScreen(page: Page, name: string, screenshots: string): Promise<void> {
  for (const [device, size] of Object.entries(sizes)) {
    await page.setViewportSize(size);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: join(screenshots, `${name}-${device}-${colorScheme}.png`) });
      expect(await moving(page), `${name} for people who want no motion`).toEqual([]);
      expect(await violationsOf(page), `${name}, ${device}, ${colorScheme}`).toEqual([]);
    }
  }
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await stickingOut(page), `${name}, ${width} pixels wide`).toEqual([]);
  }
  await page.setViewportSize(sizes.desktop);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
}

async function violationsOf(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`);
  });
}

/** What is animated, now or once it changes. */
function moving(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isMoving = ({ animationName, transitionDuration }: CSSStyleDeclaration) =>
      animationName !== "none" || transitionDuration !== "0s";
    return [...document.querySelectorAll("*")]
      .filter((element) => isMoving(getComputedStyle(element)))
      .map(({ tagName, className }) => `${tagName}.${String(className)}`);
  });
}

/** The page and every part of it that scrolls, if it does so sideways. */
function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isScrollable = (element: Element) => element === document.documentElement || getComputedStyle(element).overflowX === "auto";
    const wide = [...document.querySelectorAll("*")].filter(
      (element) => isScrollable(element) && element.scrollWidth > element.clientWidth,
    );
    return wide.map(
      ({ tagName, className, scrollWidth, clientWidth }) => `${tagName}.${String(className)}: ${scrollWidth} of ${clientWidth}`,
    );
  });
}
