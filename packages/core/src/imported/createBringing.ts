import { isBackupError } from "../errors/backupError.ts";
import type { ImportedMessages } from "./imported.ts";
import type { HostConversation } from "../ports/hostConversation.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { readBringing, removeBringing, writeBringing } from "./bringingParts.ts";
import type { ArchivedConversation, BroughtPart } from "./broughtParts.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import { findBrought } from "./findBrought.ts";
import { type TrackedTwin, lookBefore } from "./lookBefore.ts";

/** Called once for each import that has brought something, however it ended. */
export type TellBrought = (conversations: readonly ImportedMessages[]) => void;

/** What the client was found to hold after an import. */
export type FoundAfter = { listed: readonly HostConversation[]; counts: ReadonlyMap<string, number> };

/** What one restore brings, from before its first chunk to its end. */
export type Bringing = {
  /**
   * Looks what is here, before the first chunk.
   *
   * @throws HOST_FAILED when the client can't look up its conversations
   */
  begin(archived: readonly ArchivedConversation[], ownInboxId: string, signal: AbortSignal): Promise<void>;
  /** What was brought, which is reported too. */
  end(found: FoundAfter, signal: AbortSignal): Promise<ImportedMessages[]>;
  /** Reports what was brought by an import that did not come to its end, now or else at the next start. Never throws. */
  breakOff(error: unknown): Promise<void>;
};

type Parts = Pick<Dependencies, "host" | "journal">;

/**
 * @param tracked - the conversations that earlier restores brought and that are still tracked; one that fails counts as none
 */
export function createBringing(
  { host, journal, log }: Parts & Pick<Dependencies, "log">,
  tell: TellBrought,
  tracked: (options: CallOptions) => Promise<readonly TrackedTwin[]>,
): Bringing {
  let parts: BroughtPart[] | undefined;

  return {
    async begin(archived, ownInboxId, signal) {
      await tellInterrupted({ host, journal }, tell, { signal });
      const twins = await tracked({ signal }).catch(() => []);
      signal.throwIfAborted();
      const looked = await lookBefore(host, archived, { ownInboxId, signal, tracked: twins });
      // Without the note only a kill goes untold.
      await writeBringing(journal, looked).catch((error: unknown) => log("warn", failureEvent("note.failed", error)));
      parts = looked;
    },

    async end({ listed, counts }, signal) {
      const brought = await findBrought(host, parts ?? [], { signal, counts, listedIds: new Set(listed.map(({ id }) => id)) });
      await removeBringing(journal).catch(() => undefined);
      if (brought.length > 0) tell(brought);
      return brought;
    },

    async breakOff(error) {
      // A client that is still at work on a chunk may answer nothing.
      if (!parts || (isBackupError(error) && (error.code === "IMPORT_STALLED" || error.code === "CLIENT_CLOSED"))) return;
      await tellParts({ host, journal }, parts, tell, {}).catch(() => undefined);
    },
  };
}

/**
 * Reports what an import has brought that ended before it reported so, in this process or an earlier one. Never throws unless it is
 * aborted.
 */
export async function tellInterrupted(parts: Parts, tell: TellBrought, { signal }: CallOptions): Promise<void> {
  const telling = underWay.get(parts.journal) ?? tellNoted(parts, tell, { signal }).finally(() => underWay.delete(parts.journal));
  underWay.set(parts.journal, telling);
  await telling;
}

/** A start and a restore may come at once: it is reported once. */
const underWay = new WeakMap<Journal, Promise<void>>();

async function tellNoted({ host, journal }: Parts, tell: TellBrought, { signal }: CallOptions): Promise<void> {
  try {
    const parts = await readBringing(journal);
    if (parts) await tellParts({ host, journal }, parts, tell, { signal });
  } catch {
    // The note stays, and the next start tells it.
    signal?.throwIfAborted();
  }
}

/** A note that stays is reported once more, which is no harm. */
async function tellParts(
  { host, journal }: Parts,
  parts: readonly BroughtPart[],
  tell: TellBrought,
  { signal = new AbortController().signal }: CallOptions,
): Promise<void> {
  const listed = await host.listConversations({ signal, ids: parts.flatMap(({ ids }) => ids) });
  const brought = await findBrought(host, parts, { signal, listedIds: new Set(listed.map(({ id }) => id)) });
  await removeBringing(journal).catch(() => undefined);
  if (brought.length > 0) tell(brought);
}
