import type { ProgressText } from "@xmtp-backup/example-messenger/words";
import type { ReactNode } from "react";

/** Running work: what it does, how far it is, and what can be done about it. */
export function TaskProgress({ label, amount, part, children }: ProgressText & { children?: ReactNode }) {
  return (
    <div className="task">
      <p className="task-label">{label}</p>
      <p className="task-amount">{amount}</p>
      <progress aria-label={label} value={part} max={1} />
      {children}
    </div>
  );
}
