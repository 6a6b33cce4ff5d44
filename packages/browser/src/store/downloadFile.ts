import { BackupError } from "@xmtp-backup/core";

/** How long the browser may take to begin, in milliseconds: whoever withdraws the bytes at once has nothing downloaded in some browsers. */
const beginMs = 60_000;

/** Hands bytes to the user as a download. The page never learns what becomes of it. */
export function downloadFile(bytes: Blob, name: string): void {
  assertPage();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), beginMs);
}

/** @throws STORE_UNAVAILABLE when there is no page, as in a worker */
export function assertPage(): void {
  if (typeof document === "undefined") throw new BackupError("STORE_UNAVAILABLE", "Only a page can exchange files with the user.");
}
