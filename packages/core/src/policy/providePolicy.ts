import { countNewMessages } from "./countNewMessages.ts";
import type { Observer } from "./createObserver.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { readPolicyMemory } from "./policyNote.ts";
import { isBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";
import { backupPolicyMachine } from "./backupPolicyMachine.ts";
import { fromTask } from "../tasks/fromTask.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { loadCalendar } from "./loadCalendar.ts";
import type { DamagedArchive } from "../retention/rules/damagedArchive.ts";
import { isProtectedNow } from "./rules/recordProtection.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import type { PolicyDeeds } from "./policyDeeds.ts";
import { toResult } from "./toResult.ts";

/** What says something of the archive itself; a read that failed and a newer format say nothing of it. */
const foundInArchive: ReadonlySet<BackupErrorCode> = new Set<BackupErrorCode>([
  "ARCHIVE_NOT_FOUND",
  "ARCHIVE_EMPTY",
  "ARCHIVE_FOREIGN",
  "ARCHIVE_TRUNCATED",
  "ARCHIVE_DAMAGED",
  "ARCHIVE_KEY_OR_DAMAGE",
]);

export type PolicyMachine = ReturnType<typeof providePolicy>;

/** The policy machine over the world. */
export function providePolicy({ host, journal, clock, log }: Dependencies, observer: Observer, deeds: PolicyDeeds) {
  /** The looks that fail one after the other are logged once. */
  let isBlind = false;

  async function looking<T>(stage: string, signal: AbortSignal, look: () => Promise<T>): Promise<T> {
    try {
      const seen = await look();
      isBlind = false;
      return seen;
    } catch (error) {
      if (!isBlind && !signal.aborted) log("warn", failureEvent("policy.failed", error, { stage }));
      isBlind ||= !signal.aborted;
      throw error;
    }
  }

  return backupPolicyMachine.provide({
    actors: {
      begin: fromTask(({ policy: wanted }, { signal }) =>
        looking("beginning", signal, async () => {
          const [calendar, memory, seen] = await Promise.all([
            loadCalendar(wanted),
            readPolicyMemory(journal, { signal }),
            observer.observe(signal),
          ]);
          if (!memory) return { calendar, seen };
          const counted = wanted.afterMessages === false ? 0 : await countNewMessages(host, memory, signal);
          return { calendar, seen, memory: { ...memory, messagesSince: Math.max(memory.messagesSince, counted) } };
        }),
      ),
      look: fromTask((_input, { signal }) => looking("looking", signal, () => observer.observe(signal))),
      backUp: fromTask(async ({ trigger, policy: wanted, damagedId }, { signal }) => {
        // Another process of this installation may have made the first one since the list was read.
        if (trigger === "first") {
          observer.forgetArchives();
          if (isProtectedNow(await observer.observe(signal), wanted, damagedId)) return { status: "refused" };
        }
        const result = toResult(await deeds.backUp(trigger), clock.now, true);
        observer.forgetArchives();
        return result;
      }),
      verifyArchive: fromTask<DamagedArchive | undefined, { id: ArchiveId }>(async ({ id }, { signal }) => {
        observer.forgetArchives();
        try {
          await deeds.verify(id, signal);
          log("info", { event: "archive.verified", archiveId: id });
          return undefined;
        } catch (error) {
          // One whose bytes are gone can't be read back either; one that was removed meanwhile is forgotten with the next list.
          const isDamaged = isBackupError(error) && foundInArchive.has(error.code);
          if (!signal.aborted) log("warn", failureEvent(isDamaged ? "archive.damaged" : "archive.unverified", error, { archiveId: id }));
          if (isDamaged) return { id: error.archiveId ?? id, code: error.code };
          throw error;
        }
      }),
    },
  });
}
