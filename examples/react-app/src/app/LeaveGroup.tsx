import { chatTexts, leaveQuestion } from "@xmtp-backup/example-messenger/words";
import { useState } from "react";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { useSignedIn } from "./session.ts";

export function LeaveGroup({ groupId }: { groupId: string }) {
  const { session } = useSignedIn();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button button-small" onClick={() => setAsking(true)}>
        {chatTexts.leave}
      </button>
      {isAsking && (
        <ConfirmDialog
          question={leaveQuestion}
          isDangerous
          onConfirm={() => session.chat.leave(groupId)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
