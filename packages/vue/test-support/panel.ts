import { defineComponent, h } from "vue";
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

/** All composables in one component. */
export const Panel = defineComponent(
  (props: PanelProps) => {
    const status = useBackupStatus();
    const backup = useBackup();
    const restore = useRestore();
    const { archives, isLoading, error, reload } = useArchives();
    const activation = useActivation();
    const imported = useImported();
    const conversation = useConversationActive(() => props.conversationId);
    const reminders = useReminders();
    const deeds: Record<string, () => unknown> = {
      backup: () => backup.backup(),
      cancelBackup: backup.cancel,
      restore: () => archives.value?.[0] && restore.restore(archives.value[0], { confirm: true }),
      confirm: restore.confirm,
      cancelRestore: restore.cancel,
      reload,
      dismiss: () => reminders.value[0]?.dismiss(),
    };
    return () => {
      const texts = textsOf({
        running: status.value.running,
        backup: backup.state.value,
        restore: restore.state.value,
        archives: archives.value,
        isLoading: isLoading.value,
        error: error.value,
        activation: activation.value,
        imported: imported.value,
        conversation: { canWrite: conversation.canWrite.value, state: conversation.state.value },
        reminders: reminders.value,
      });
      return [
        texts.map(([name, text]) => h("p", { key: name, "data-show": name }, text)),
        Object.entries(deeds).map(([name, onClick]) => h("button", { key: name, "data-do": name, onClick: () => void onClick() }, name)),
      ];
    };
  },
  { props: ["conversationId"] },
);
