import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type ArchiveStore,
  assertDocumentBytes,
  BackupError,
  createTurns,
  filesOfKind,
  type GetDocumentOptions,
  maxDocumentBytes,
  type StoredDocument,
} from "@xmtp-backup/core";
import { readSmallFile } from "../files/readSmallFile.ts";
import { isMissing } from "../files/systemCode.ts";
import { removePartials, writeFileDurably } from "../files/writeFileDurably.ts";
import { fetchOrRefuse } from "./fetchPlaceholder.ts";
import { guarded } from "./guarded.ts";

/** One change of a file after the other. */
const turns = createTurns<string>();

/**
 * Keeps a store's documents in its folder, as `<name>.json`; the revision of a document is the hash of its bytes.
 *
 * Comparing and replacing are one step in one process. A folder has no way to order several, nor several machines that sync it.
 */
export function directoryDocuments(directory: string): Required<Pick<ArchiveStore, "getDocument" | "putDocument">> {
  const pathOf = (name: string) => {
    if (!/^[a-z0-9-]+$/.test(name))
      throw new BackupError("OPTIONS_INVALID", "A document's name has lower-case letters, digits and dashes only.");
    return resolve(join(directory, `${name}.json`));
  };

  return {
    getDocument: (name, options = {}) =>
      guarded("The document can't be read.", options.signal, () => read(directory, pathOf(name), name, options)),

    putDocument: (name, bytes, { signal, replaces }) =>
      guarded("The document could not be written.", signal, async () => {
        const path = pathOf(name);
        assertDocumentBytes(bytes.length);
        await turns(path, async () => {
          if ((await read(directory, path, name, { signal }))?.revision !== replaces)
            throw new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
          signal?.throwIfAborted();
          await writeFileDurably(path, (file) => file.writeFile(bytes));
          await removePartials(directory, `${name}.json.`);
        });
      }),
  };
}

/**
 * A document, and the second versions of it that a sync program kept. A document in the cloud, or of which only those are left, counts as
 * present.
 */
async function read(directory: string, path: string, name: string, options: GetDocumentOptions): Promise<StoredDocument | undefined> {
  const names = await readdir(directory).catch(ifMissing);
  const { whole, placeholder: [placeholder] = [], arriving, copy: copies = [] } = filesOfKind(names ?? [], "document").get(name) ?? {};
  if (!whole && placeholder) await fetchOrRefuse(directory, placeholder, "The document is not downloaded yet.", options);
  else if (!whole && arriving)
    throw new BackupError("STORE_UNAVAILABLE", "The document is still being downloaded by the program that syncs the folder.");
  else if (!whole && copies.length > 0) throw onlyCopies(name, copies);
  const copy = copies.find((each) => each === options.copy);
  const file = await readSmallFile(copy === undefined ? path : join(directory, copy), maxDocumentBytes, options);
  if (!file) return undefined;
  const { bytes, size } = file;
  if (size === Infinity)
    throw new BackupError("STORE_FAILED", "The document is no ordinary file.", { details: "A folder, a pipe or a device has its name." });
  assertDocumentBytes(size);
  const revision = createHash("sha256").update(bytes).digest("hex");
  return { bytes, revision, ...(copies.length > 0 && { copies }) };
}

/** Only a person can say which of them is the right one. If they counted as missing, a new document would be made beside them. */
function onlyCopies(name: string, copies: readonly string[]): BackupError {
  return new BackupError(
    "STORE_UNAVAILABLE",
    "Of the document only second versions are there, which a program that syncs the folder kept.",
    {
      details: `Let that program finish. Where ${name}.json does not come back, give the right one of ${copies.map((copy) => `"${copy}"`).join(", ")} this name.`,
    },
  );
}

function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
