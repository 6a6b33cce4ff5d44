import { type ProgressText, restoreTexts, type RestoreWizardStep } from "@xmtp-backup/example-messenger/words";
import { StepHeading } from "./StepHeading.tsx";
import { TaskProgress } from "./TaskProgress.tsx";

type RestoreRunningProps = { step: RestoreWizardStep; progress: ProgressText; isCancellable: boolean; onCancel(): void };

export function RestoreRunning({ step, progress, isCancellable, onCancel }: RestoreRunningProps) {
  return (
    <>
      <StepHeading text={step === "check" ? restoreTexts.check : restoreTexts.restoring} />
      <p>{restoreTexts.restoringBody}</p>
      <p className="spoken" role="status">
        {progress.label}
      </p>
      <TaskProgress {...progress}>
        <button type="button" className="button" disabled={!isCancellable} onClick={onCancel}>
          {restoreTexts.cancel}
        </button>
      </TaskProgress>
    </>
  );
}
