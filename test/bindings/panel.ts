import type {
  ActivationState,
  ArchiveEntry,
  Backups,
  BackupState,
  Imported,
  ReminderHandle,
  RestoreState,
  TrackedConversation,
} from "@xmtp-backup/core";

/** What a panel of either framework is given. */
export type PanelProps = { conversationId: string };

/** What a panel has of its framework's bindings. */
export type PanelValues = {
  running: string | undefined;
  backup: BackupState | undefined;
  restore: RestoreState | undefined;
  archives: readonly ArchiveEntry[] | undefined;
  isLoading: boolean;
  error: Error | undefined;
  activation: ActivationState;
  imported: Imported;
  conversation: { canWrite: boolean; state: TrackedConversation | undefined };
  reminders: readonly ReminderHandle[];
};

/** How a framework shows panels; each has the texts of `textsOf` in elements with `data-show`, and buttons with `data-do`. */
export type Framework = {
  mount(element: HTMLElement, backups: Backups, options: PanelProps & { panels: number }): { unmount(): void };
};

/** What a panel shows, by name. */
export function textsOf({
  running,
  backup,
  restore,
  archives,
  isLoading,
  error,
  activation,
  imported,
  conversation,
  reminders,
}: PanelValues): [name: string, text: string][] {
  const listed = archives?.map(({ details }) => details?.name ?? "unnamed").join(", ");
  return [
    ["status", running ?? "idle"],
    ["backup", textOf(backup)],
    ["restore", textOf(restore)],
    ["archives", listed ?? "unknown"],
    ["listing", isLoading ? "loading" : (error?.message ?? "loaded")],
    ["activation", `${activation.active} of ${activation.total}`],
    ["imported", imported.conversations.map(({ messages }) => messages).join(" and ") || "nothing"],
    ["conversation", `${conversation.canWrite ? "writable" : "read-only"}, ${conversation.state?.status ?? "never restored"}`],
    ["reminders", reminders.map(({ kind }) => kind).join(", ") || "none"],
  ];
}

function textOf(state: BackupState | RestoreState | undefined): string {
  if (state?.status === "awaitingConfirmation") return `confirm ${state.preview.counts.messages} messages`;
  if (state?.status !== "running") return state?.status ?? "none";
  const { stage, progress } = state;
  return progress.kind === "determinate" ? `${stage} ${progress.done} of ${progress.total} ${progress.unit}` : stage;
}
