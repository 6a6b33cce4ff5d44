import type { Backups } from "@xmtp-backup/core";
import type { Framework } from "./panel.ts";

/** What a user sees of the panels, and can do. */
export type Screen = {
  element: HTMLElement;
  /** The text by that name in each panel. */
  texts(name: string): string[];
  /** Waits until all panels show a text that is or matches it; does `meanwhile` over and over. */
  shows(name: string, text: string | RegExp, meanwhile?: () => void): Promise<void>;
  click(name: string): void;
  unmount(): void;
};

export type ScreenOptions = { panels?: number; conversationId?: string };

/** Mounts panels in the page. */
export function openScreen(framework: Framework, backups: Backups, { panels = 1, conversationId = "none" }: ScreenOptions = {}): Screen {
  const element = document.body.appendChild(document.createElement("main"));
  const mounted = framework.mount(element, backups, { panels, conversationId });
  const texts = (name: string) => [...element.querySelectorAll(`[data-show="${name}"]`)].map(({ textContent }) => textContent);
  return {
    element,
    texts,
    shows: (name, text, meanwhile) =>
      until(
        () => {
          meanwhile?.();
          const shown = texts(name);
          return shown.length === panels && shown.every((each) => (typeof text === "string" ? each === text : text.test(each)));
        },
        () => `${name} should be ${text}, is ${texts(name).join(" and ")}`,
      ),
    click(name) {
      const button = element.querySelector<HTMLButtonElement>(`[data-do="${name}"]`);
      if (!button) throw new Error(`There is no button ${name}.`);
      button.click();
    },
    unmount() {
      if (element.isConnected) mounted.unmount();
      element.remove();
    },
  };
}

/** Looks again at every frame until it holds, for five seconds at most. */
export async function until(holds: () => boolean, what: () => string): Promise<void> {
  const endMs = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(what());
    await new Promise(requestAnimationFrame);
  }
}
