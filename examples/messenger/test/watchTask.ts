import type { Page } from "playwright-core";

/** What a page showed while a task ran. */
export type SeenTask = {
  /** The stages that were told, each once in a row. */
  labels: string[];
  /** The values of the progress bar, from 0 to 1. */
  parts: number[];
  /** How much moved that nobody had asked to move, as the browser measures it. */
  shift: number;
};

const place = "seenTask";

/** Notes what the page shows of tasks from now on; the returned function tells it. */
export async function watchTask(page: Page): Promise<() => Promise<SeenTask>> {
  await page.evaluate((place) => {
    const seen: SeenTask = { labels: [], parts: [], shift: 0 };
    Object.assign(window, { [place]: seen });
    const note = () => {
      const label = document.querySelector(".task-label")?.textContent;
      if (label && seen.labels.at(-1) !== label) seen.labels.push(label);
      const bar = document.querySelector<HTMLProgressElement>(".task progress");
      if (bar && seen.parts.at(-1) !== bar.value) seen.parts.push(bar.value);
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift" });
  }, place);
  return () => page.evaluate((place) => (window as unknown as Record<string, SeenTask>)[place] as SeenTask, place);
}

/** Asks the page to cancel the next backup as soon as it shows how. */
export async function cancelWhenShown(page: Page): Promise<void> {
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      const button = document.querySelector<HTMLButtonElement>(".task button:enabled");
      if (!button) return;
      observer.disconnect();
      button.click();
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}
