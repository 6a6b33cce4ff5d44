import { createElement, Fragment, type ReactNode } from "react";
import { type PanelProps, textsOf } from "../../../test/bindings/panel.ts";
import {
  useActivation,
  useArchives,
  useBackup,
  useBackupStatus,
  useConversationActive,
  useImported,
  useReminders,
  useRestore,
} from "../src/index.ts";

/** All hooks in one component. */
export function Panel({ conversationId }: PanelProps): ReactNode {
  const { running } = useBackupStatus();
  const { state: backup, backup: backUp, cancel: cancelBackup } = useBackup();
  const { state: restore, restore: restoreArchive, confirm, cancel: cancelRestore } = useRestore();
  const { archives, isLoading, error, reload } = useArchives();
  const activation = useActivation();
  const imported = useImported();
  const conversation = useConversationActive(conversationId);
  const reminders = useReminders();
  const texts = textsOf({ running, backup, restore, archives, isLoading, error, activation, imported, conversation, reminders });
  const deeds: Record<string, () => unknown> = {
    backup: () => backUp(),
    cancelBackup,
    restore: () => archives?.[0] && restoreArchive(archives[0], { confirm: true }),
    confirm,
    cancelRestore,
    reload,
    dismiss: () => reminders[0]?.dismiss(),
  };
  return createElement(
    Fragment,
    null,
    texts.map(([name, text]) => createElement("p", { key: name, "data-show": name }, text)),
    Object.entries(deeds).map(([name, onClick]) =>
      createElement("button", { key: name, "data-do": name, onClick: () => void onClick() }, name),
    ),
  );
}
