import { restoreProgress, restoreStep, restoreTexts } from "@xmtp-backup/example-messenger/words";
import { useRestore } from "@xmtp-backup/react";
import { Dialog } from "./Dialog.tsx";
import { RestoreChoice } from "./RestoreChoice.tsx";
import { RestorePreview } from "./RestorePreview.tsx";
import { RestoreResult } from "./RestoreResult.tsx";
import { RestoreRunning } from "./RestoreRunning.tsx";
import { WizardSteps } from "./WizardSteps.tsx";

type RestoreWizardProps = { archiveId: string | undefined; onClose(): void };

/** From the choice of an archive to what it brought back; nothing is imported before the user has seen what it holds. */
export function RestoreWizard({ archiveId, onClose }: RestoreWizardProps) {
  const { state, restore, confirm, cancel } = useRestore();
  const isRunning = state?.status === "running";
  const step = restoreStep(state);
  const close = () => {
    if (state?.status === "awaitingConfirmation") void cancel();
    onClose();
  };

  return (
    <Dialog title={restoreTexts.title} onClose={close} isClosable={!isRunning} className="wizard">
      <WizardSteps current={step} />
      {state?.status === "running" && (
        <RestoreRunning
          step={step}
          progress={restoreProgress(state.stage, state.progress)}
          isCancellable={state.cancellable}
          onCancel={() => void cancel()}
        />
      )}
      {state?.status === "awaitingConfirmation" && (
        <RestorePreview preview={state.preview} onConfirm={confirm} onCancel={() => void cancel()} />
      )}
      {state?.status === "succeeded" && <RestoreResult result={state.output} onClose={close} />}
      {step === "find" && (
        <RestoreChoice
          archiveId={archiveId}
          error={state?.status === "failed" ? state.error : undefined}
          isCancelled={state?.status === "cancelled"}
          onRestore={(archive) => void restore(archive, { confirm: true })}
          onClose={close}
        />
      )}
    </Dialog>
  );
}
