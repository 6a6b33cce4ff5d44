import { dependentsOf } from "../archives/dependentsOf.ts";
import { inTurn } from "../archives/inTurn.ts";
import { listStored } from "../archives/listArchives.ts";
import { forgetCopy } from "../backup/copyOfWhole.ts";
import { BackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";

/**
 * Removes an archive that no other one is based on.
 *
 * @throws ARCHIVE_NEEDED when increments are based on it
 */
export function removeStored(dependencies: Dependencies, id: ArchiveId, options: CallOptions): Promise<void> {
  const { host, store } = dependencies;
  return inTurn(store, options, () =>
    callPort(options, "STORE_FAILED", "The archive could not be removed.", async () => {
      const needing = dependentsOf(await listStored(dependencies, options), id);
      if (needing.length > 0) throw needed(needing.map((each) => each.id));
      await store.remove(id, options);
      await forgetCopy(host, id);
    }),
  );
}

function needed(ids: readonly ArchiveId[]): BackupError {
  const who = ids.length === 1 ? "One later archive is" : `${ids.length} later archives are`;
  return new BackupError("ARCHIVE_NEEDED", `${who} based on this one.`, { details: `By id: ${ids.join(", ")}.` });
}
