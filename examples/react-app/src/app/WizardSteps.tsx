import { restoreSteps, restoreTexts, type RestoreWizardStep } from "@xmtp-backup/example-messenger/words";

export function WizardSteps({ current }: { current: RestoreWizardStep }) {
  const reached = restoreSteps.findIndex(({ step }) => step === current);
  return (
    <ol className="steps" aria-label={restoreTexts.steps}>
      {restoreSteps.map(({ step, label }, index) => (
        <li key={step} aria-current={step === current ? "step" : undefined} data-reached={index <= reached}>
          {label}
        </li>
      ))}
    </ol>
  );
}
