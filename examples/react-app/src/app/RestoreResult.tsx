import { describeReadOnlyMode, type RestoreResult as Result } from "@xmtp-backup/core";
import { hashOf, notRestoredAfter, restoreTexts, resultTexts } from "@xmtp-backup/example-messenger/words";
import { Icon } from "./Icon.tsx";
import { NotRestored } from "./NotRestored.tsx";
import { StepHeading } from "./StepHeading.tsx";

/** What a restore brought back, and why some of it can't be written yet. */
export function RestoreResult({ result, onClose }: { result: Result; onClose(): void }) {
  const { explanation, howItEnds } = describeReadOnlyMode();
  return (
    <>
      <StepHeading text={restoreTexts.done} />
      <div className="result" role="status">
        <Icon name="check" />
        <div>
          {resultTexts(result).map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      </div>
      {result.inactiveConversationIds.length > 0 && (
        <>
          <p>{explanation}</p>
          <p>{howItEnds}</p>
        </>
      )}
      <NotRestored text={notRestoredAfter(result)} />
      <div className="actions">
        <a className="button button-main" href={hashOf({ screen: "chats" })} onClick={onClose}>
          {restoreTexts.close}
        </a>
      </div>
    </>
  );
}
