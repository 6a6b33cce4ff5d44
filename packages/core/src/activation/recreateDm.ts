import { BackupError, isBackupError } from "../errors/backupError.ts";
import type { HostConversation } from "../ports/hostConversation.ts";
import type { HostIdentity } from "../ports/host.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { patientCall } from "../ports/patientCall.ts";
import type { RecreateOutcome } from "./rules/activationSteps.ts";

/** How long a client may take, in milliseconds. */
const limits = { consent: 10_000, create: 60_000 } as const;

/**
 * Recreates DMs: makes a new DM with a person, unless the user denied them. The SDK then shows the restored history in it.
 *
 * `rules/recreating.ts` decides which ones, and how often.
 *
 * @param identify - whose client it is
 */
export function recreateDm(
  { host, clock }: Pick<Dependencies, "host" | "clock">,
  identify: (signal: AbortSignal) => Promise<HostIdentity>,
) {
  const creating = new Map<string, (signal: AbortSignal) => Promise<HostConversation>>();

  /** One call for each person. A late new DM may still come, so it is begun once. */
  function createDm(peerInboxId: string, signal: AbortSignal): Promise<HostConversation> {
    const create =
      creating.get(peerInboxId) ??
      patientCall(clock, limits.create, "create a conversation", (inner) => host.createDm(peerInboxId, { signal: inner }));
    creating.set(peerInboxId, create);
    return create(signal);
  }

  async function isAllowed(peerInboxId: string, signal: AbortSignal): Promise<boolean> {
    const ask = patientCall(clock, limits.consent, "tell a consent", (inner) => host.consentOf(peerInboxId, { signal: inner }));
    return (await ask(signal)) !== "denied";
  }

  return async (peerInboxId: string, signal: AbortSignal): Promise<RecreateOutcome> => {
    try {
      const { inboxId } = await identify(signal);
      if (!(await isAllowed(peerInboxId, signal))) return { nowMs: clock.now(), isDenied: true };
      const dm = await createDm(peerInboxId, signal);
      if (!dm.isActive) throw new BackupError("HOST_FAILED", "The new conversation is not active.");
      creating.delete(peerInboxId);
      return { nowMs: clock.now(), dm, ownInboxId: inboxId };
    } catch (error) {
      return { nowMs: clock.now(), code: isBackupError(error) ? error.code : "HOST_FAILED" };
    }
  };
}
