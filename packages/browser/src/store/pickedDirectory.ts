import { assertShape, BackupError } from "@xmtp-backup/core";
import { errorName } from "../files/errorName.ts";
import { keyValueDatabase } from "../state/keyValueDatabase.ts";
import { type DirectoryPermission, permissionOf, requestPermission } from "./directoryPermission.ts";
import { toStoreError } from "./toStoreError.ts";

export type PickedDirectoryOptions = {
  /** The name of the IndexedDB database that remembers the folder, one for each user of the app. @default "xmtp-backup-directory" */
  database?: string;
};

/** Whether the folder can be used now: `none` was picked, the browser grants it, wants to ask again (`prompt`), or the user refused. */
export type DirectoryAccess = DirectoryPermission | "none";

/** A folder of the user's own that the browser remembers. */
export type PickedDirectory = {
  /** Whether users of this browser can pick a folder at all. */
  readonly isSupported: boolean;
  access(): Promise<DirectoryAccess>;
  /**
   * Lets the user pick a folder, in place of the one before; call it from a click.
   *
   * Rejects with the browser's `AbortError` when they close the picker: then nothing changes.
   *
   * @throws STORE_UNAVAILABLE when the browser has no such picker
   * @throws STORE_DENIED when the browser refuses, as it does without a click
   */
  pick(): Promise<void>;
  /**
   * Lets the browser ask for the folder again, as it wants to after a restart; call it from a click.
   *
   * @throws STORE_UNAVAILABLE when no folder was picked
   * @throws STORE_DENIED when the user refuses
   */
  ask(): Promise<void>;
  /** The folder, whether or not it can be used now; undefined when none was picked. */
  recall(): Promise<FileSystemDirectoryHandle | undefined>;
  /** Forgets which folder it was; what lies in it stays. */
  forget(): Promise<void>;
};

type Picker = {
  showDirectoryPicker?(options: { id: string; mode: "readwrite"; startIn: "documents" }): Promise<FileSystemDirectoryHandle>;
};

/**
 * Lets the user pick a folder for `fileHandleStore` once, and has the browser remember it.
 *
 * Chrome, Edge and their relatives can do it on a computer; where `isSupported` is false, `downloadStore` takes its place. After a
 * restart the browser may want to ask again: while `access()` says `prompt`, show a button that calls `ask()`.
 *
 * @throws OPTIONS_INVALID when an option is unknown or of another kind
 *
 * @example
 * ```ts
 * import { fileHandleStore, pickedDirectory } from "@xmtp-backup/browser";
 *
 * const directory = pickedDirectory();
 * const store = fileHandleStore({ directory });
 * document.querySelector("#choose-folder")?.addEventListener("click", () => void directory.pick());
 * ```
 */
export function pickedDirectory(options: PickedDirectoryOptions = {}): PickedDirectory {
  assertShape("pickedDirectory", options, { database: "text?" });
  const { database = "xmtp-backup-directory" } = options;
  const page = globalThis as Picker;
  const values = keyValueDatabase(database);

  async function guarded<T>(shortMessage: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      // The user closed the picker.
      throw errorName(error) === "AbortError" ? error : toStoreError(error, shortMessage);
    }
  }

  const recall = () =>
    guarded("The picked folder can't be looked up.", async () => (await values.get("directory")) as FileSystemDirectoryHandle | undefined);

  return {
    isSupported: page.showDirectoryPicker !== undefined,
    recall,

    async access() {
      const directory = await recall();
      return directory ? permissionOf(directory) : "none";
    },

    pick: () =>
      guarded("No folder could be picked.", async () => {
        if (!page.showDirectoryPicker) throw new BackupError("STORE_UNAVAILABLE", "In this browser no folder can be picked.");
        const directory = await page.showDirectoryPicker({ id: "xmtp-backup", mode: "readwrite", startIn: "documents" });
        await values.change("directory", () => directory);
      }),

    ask: () => guarded("The browser could not ask for the folder.", async () => requestPermission(assertPicked(await recall()))),

    forget: () => guarded("The folder could not be forgotten.", () => values.change("directory", () => undefined)),
  };
}

/** @throws STORE_UNAVAILABLE when no folder was picked */
export function assertPicked(directory: FileSystemDirectoryHandle | undefined): FileSystemDirectoryHandle {
  if (directory) return directory;
  throw new BackupError("STORE_UNAVAILABLE", "No folder for archives was picked.");
}
