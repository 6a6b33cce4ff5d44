import type { RunningTask } from "../adviseClosing.ts";
import type { RestoreState } from "../restore/restoreTask.ts";
import type { BackupState } from "../backup/backupTask.ts";
import type { ActivationState } from "../activation/rules/trackedConversation.ts";
import type { ActivationNotice } from "../activation/rules/activationNotice.ts";
import type { Imported } from "../imported/imported.ts";
import type { BackupStatus } from "../backupStatus.ts";
import type { FullPolicy } from "../policy/rules/backupPolicy.ts";
import type { Reminder } from "../policy/rules/reminder.ts";

/** What followers receive: at first all of it, and then what changes. */
export type Told = {
  status: BackupStatus;
  reminders: readonly Reminder[];
  policy: FullPolicy;
  /** At first all conversations, then those that are new or different. */
  activation: ActivationState;
  imported: Imported;
  /** The id of the task that runs. */
  running: string | undefined;
};

export type ToldTask = { id: string; kind: RunningTask["kind"]; state: BackupState | RestoreState };

/** What a server says: that it is there, what changes, and what becomes of a call. */
export type ServerNews =
  | { type: "serving"; all?: Told & { tasks: readonly ToldTask[] } }
  | { type: "told"; news: Partial<Told> }
  | { type: "task"; task: ToldTask }
  | { type: "notice"; notice: ActivationNotice }
  | { type: "left" }
  | { type: "taken"; call: string }
  | { type: "progressed"; call: string; doneBytes: number }
  | { type: "answered"; call: string; value?: unknown; error?: unknown };

/** `server` tells one from those before and after it. */
export type ServerMessage = ServerNews & { server: string };

/** A call that comes after `untilMs`, because the server was asleep, is not begun. */
export type CallMessage = { type: "call"; server: string; call: string; untilMs: number; name: string; parameters: readonly unknown[] };

export type FollowerMessage = { type: "hello" } | CallMessage | { type: "abort"; server: string; call: string };
