import type { PolicyState } from "./rules/policyState.ts";
import type { LogEvent } from "../ports/logger.ts";

/** What the policy has decided, as it is logged: a backup or a verification now, or what it waits for and until when. */
export function decisionEvent({ decision, verification }: Pick<PolicyState, "decision" | "verification">): LogEvent {
  const event = "policy.decided";
  if (decision.action === "backup") return { event, action: "backup", trigger: decision.trigger };
  if (verification.action === "verify") return { event, action: "verify", archiveId: verification.id };
  if (decision.action === "ask") return { event, action: "ask", trigger: decision.trigger };
  const { untilMs } = decision;
  const waitsFor = decision.why === "conditions" ? decision.unmet.map(({ reason }) => reason) : [decision.why];
  return {
    event,
    action: "wait",
    waitsFor,
    ...(untilMs !== undefined && { untilMs }),
    ...("trigger" in decision && { trigger: decision.trigger }),
  };
}
