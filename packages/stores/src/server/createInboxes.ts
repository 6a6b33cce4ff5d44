import { join } from "node:path";
import { entryAt } from "./files.ts";
import { createFolderNames } from "./folderNames.ts";
import { inboxArchives } from "./inboxArchives.ts";
import type { Weight } from "./space.ts";
import type { Inbox } from "./uploads.ts";

/** The place of each inbox below a folder, one and the same for as long as the process runs. */
export function createInboxes(directory: string, limits: Weight): (inbox: string) => Promise<Inbox> {
  const folderNameOf = createFolderNames(directory);
  const inboxes = new Map<string, Promise<Inbox>>();

  async function open(inbox: string): Promise<Inbox> {
    const folderName = await folderNameOf(inbox);
    const path = join(directory, folderName);
    const entry = await entryAt(path);
    if (entry && !entry.isDirectory()) throw new Error("The folder of an inbox is a link or a file.");
    return { folderName, archives: inboxArchives(path, limits) };
  }

  return async (inbox) => {
    const opening = inboxes.get(inbox) ?? open(inbox);
    inboxes.set(inbox, opening);
    return opening.catch((error: unknown) => {
      inboxes.delete(inbox);
      throw error;
    });
  };
}
