import { BackupError } from "@xmtp-backup/core";

/** What the browser says of a folder: it may be used, the user wants to be asked again, or they refused. */
export type DirectoryPermission = "granted" | "prompt" | "denied";

/** What browsers with a folder picker add to a handle. */
type Permitting = {
  queryPermission(descriptor: { mode: "readwrite" }): Promise<DirectoryPermission>;
  requestPermission(descriptor: { mode: "readwrite" }): Promise<DirectoryPermission>;
};

/** Whether a folder may be read and written now; one of a browser that knows no such question may. */
export async function permissionOf(directory: FileSystemDirectoryHandle & Partial<Permitting>): Promise<DirectoryPermission> {
  return (await directory.queryPermission?.({ mode: "readwrite" })) ?? "granted";
}

/**
 * Lets the browser ask the user, if it must; from a click only.
 *
 * @throws STORE_DENIED when the user refuses
 */
export async function requestPermission(directory: FileSystemDirectoryHandle & Partial<Permitting>): Promise<void> {
  const permission = (await directory.requestPermission?.({ mode: "readwrite" })) ?? "granted";
  if (permission !== "granted") throw deniedError("The user did not allow it.");
}

/** @throws STORE_DENIED unless the folder may be read and written now */
export async function assertPermitted(directory: FileSystemDirectoryHandle): Promise<void> {
  const permission = await permissionOf(directory);
  if (permission === "prompt")
    throw deniedError("The browser wants to ask the user again: show a button that calls ask() of the picked directory.");
  if (permission === "denied")
    throw deniedError("The user refused it: let them pick the folder again, or allow it in the browser's settings of this site.");
}

function deniedError(details: string): BackupError {
  return new BackupError("STORE_DENIED", "The folder for archives may not be used.", { details });
}
