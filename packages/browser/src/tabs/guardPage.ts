import type { Backups } from "@xmtp-backup/core";

/**
 * Lets the browser ask the user before the page is closed or reloaded, only while that would lose work.
 *
 * The words are the browser's own; `describeClosing(backups.closingAdvice())` says what would be lost, for the app to show. Browsers ask
 * only people who have touched the page. On a server, where there is no page, it does nothing.
 *
 * @returns a function that ends the guard
 *
 * @example
 * ```ts
 * import type { Backups } from "@xmtp-backup/core";
 * import { guardPage } from "@xmtp-backup/browser";
 *
 * function onMount(backups: Backups) {
 *   return guardPage(backups);
 * }
 * ```
 */
export function guardPage(backups: Pick<Backups, "closingAdvice">): () => void {
  const page = globalThis as Partial<Pick<Window, "addEventListener" | "removeEventListener">>;
  const ask = (event: BeforeUnloadEvent) => {
    if (backups.closingAdvice().safe) return;
    event.preventDefault();
    // What browsers before 2024 go by.
    event.returnValue = "unsafe";
  };
  page.addEventListener?.("beforeunload", ask);
  return () => page.removeEventListener?.("beforeunload", ask);
}
