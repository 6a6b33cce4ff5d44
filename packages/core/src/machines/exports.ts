export type { ActivationInput, StitchInput } from "../activation/activationContext.ts";
export { type BackupEvent, type BackupInput, type BackupOutput, backupMachine } from "../backup/backupMachine.ts";
export {
  backupPolicyMachine,
  type PolicyBackupResult,
  type PolicyBeginning,
  type PolicyEvent,
  type PolicyInput,
} from "../policy/backupPolicyMachine.ts";
export { type ActivationEvent, conversationActivationMachine } from "../activation/conversationActivationMachine.ts";
export { fromTask, type TaskFunction, type TaskLogic, type TaskTools } from "../tasks/fromTask.ts";
export { type RestoreEvent, type RestoreInput, restoreMachine } from "../restore/restoreMachine.ts";
