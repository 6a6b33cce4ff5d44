export { backupsPlugin, type BackupsPluginOptions, provideBackups, useBackups } from "./backupsPlugin.ts";
export { useActivation } from "./useActivation.ts";
export { useArchives, type UseArchives } from "./useArchives.ts";
export { useBackup, type UseBackup } from "./useBackup.ts";
export { useBackupStatus } from "./useBackupStatus.ts";
export { useConversationActive, type UseConversationActive } from "./useConversationActive.ts";
export { useImported } from "./useImported.ts";
export { useReminders } from "./useReminders.ts";
export { useRestore, type UseRestore } from "./useRestore.ts";
