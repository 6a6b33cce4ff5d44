// The script of tabs that share backups, over fakes, each with an own client and all with one store.
import { BackupError, createBackups, generateArchiveKey, isBackupError, type Task, type TaskState } from "@xmtp-backup/core";
import { type FakeHost, fakeHost, fakeInbox, memoryKeys } from "@xmtp-backup/testing";
import { filter, firstValueFrom } from "rxjs";
import { indexedDbJournal } from "../../src/indexedDbJournal.ts";
import { opfsStore } from "../../src/opfsStore.ts";
import { type SharedBackups, shareBackups, type TabRole } from "../../src/tabs/shareBackups.ts";
import { webLock } from "../../src/webLock.ts";

let backups: SharedBackups;
let host: FakeHost;
let opened = 0;
let closed = 0;
let release: (() => void) | undefined;
const roles: TabRole[] = [];
const tasks = new Map<string, Task<TaskState<string, unknown, unknown>, unknown>>();

export function join({ failing = false, answerWithinMs = 10_000 }: { failing?: boolean; answerWithinMs?: number } = {}): void {
  host = fakeHost({ inbox: fakeInbox(), installationId: "1".repeat(64), journal: indexedDbJournal({ database: "journal" }), lock: webLock() });
  backups = shareBackups({
    name: "alice",
    answerWithinMs,
    async open() {
      opened += 1;
      if (failing && opened === 1) throw new BackupError("CLIENT_CLOSED", "The user did not sign.");
      const key = new Uint8Array(32).fill(7);
      return { backups: createBackups({ host, store: opfsStore(), keys: memoryKeys(key), policy: { frequency: "never" } }), close: () => void (closed += 1) };
    },
  });
  backups.role$.subscribe((role) => roles.push(role));
}
