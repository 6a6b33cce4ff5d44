export type { ActivationInput, StitchInput } from "./activationContext.ts";
export { type BackupEvent, type BackupInput, type BackupOutput, backupMachine } from "./backupMachine.ts";
export {
  backupPolicyMachine,
  type PolicyBackupResult,
  type PolicyBeginning,
  type PolicyEvent,
  type PolicyInput,
} from "./backupPolicyMachine.ts";
export { type ActivationEvent, conversationActivationMachine } from "./conversationActivationMachine.ts";
export { fromTask, type TaskFunction, type TaskLogic, type TaskTools } from "./fromTask.ts";
export { type RestoreEvent, type RestoreInput, restoreMachine } from "./restoreMachine.ts";
