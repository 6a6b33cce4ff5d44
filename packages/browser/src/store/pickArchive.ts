import { assertPage } from "./downloadFile.ts";

/**
 * Lets the user choose an archive among their files, to restore or inspect; call it from a click.
 *
 * Any file can be chosen: what it is, is found out when it is verified. Rejects with an `AbortError` when the user closes the
 * dialog, and with the signal's reason.
 *
 * @throws STORE_UNAVAILABLE when there is no page, as in a worker
 *
 * @example
 * ```ts
 * import type { Backups } from "@xmtp-backup/core";
 * import { pickArchive } from "@xmtp-backup/browser";
 *
 * async function onRestore(backups: Backups) {
 *   const file = await pickArchive();
 *   return { task: backups.restore(file, { confirm: true }) };
 * }
 * ```
 */
export async function pickArchive({ signal }: { signal?: AbortSignal } = {}): Promise<File> {
  signal?.throwIfAborted();
  assertPage();
  const input = document.createElement("input");
  // Without `accept`: phones know no such ending, and would let nothing be chosen.
  input.type = "file";
  input.hidden = true;
  // Safari forgets one that is not in the page.
  document.body.append(input);
  try {
    return await new Promise<File>((resolve, reject) => {
      const dismiss = () => reject(new DOMException("No file was chosen.", "AbortError"));
      input.addEventListener("change", () => (input.files?.[0] ? resolve(input.files[0]) : dismiss()));
      input.addEventListener("cancel", dismiss);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      input.click();
    });
  } finally {
    input.remove();
  }
}
