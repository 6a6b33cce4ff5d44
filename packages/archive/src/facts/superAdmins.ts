import type { ArchiveGroup } from "../model/archiveRecord.ts";
import type { SuperAdminChange } from "./controlMessages.ts";

type Step = { sentAtNs: bigint; isAdmin: boolean };

/** Who was a super admin of a conversation when, as far as an archive tells: by its changes, and by the list of its end. */
export class SuperAdmins {
  readonly #steps = new Map<string, Step[]>();

  note(conversation: number, sentAtNs: bigint, { added, removed }: SuperAdminChange): void {
    for (const inboxId of added) this.#add(conversation, inboxId, { sentAtNs, isAdmin: true });
    for (const inboxId of removed) this.#add(conversation, inboxId, { sentAtNs, isAdmin: false });
  }

  /** @param atEnd - the super admins when the archive was made */
  was(conversation: number, inboxId: string, sentAtNs: bigint, atEnd: readonly string[]): boolean {
    let before: Step | undefined;
    let after: Step | undefined;
    // Of two changes at one time the one counts by which less is deleted, in whatever order they came.
    for (const step of this.#steps.get(keyOf(conversation, inboxId)) ?? []) {
      if (step.sentAtNs <= sentAtNs) {
        if (before === undefined || step.sentAtNs > before.sentAtNs || (step.sentAtNs === before.sentAtNs && !step.isAdmin)) before = step;
      } else if (after === undefined || step.sentAtNs < after.sentAtNs || (step.sentAtNs === after.sentAtNs && step.isAdmin)) after = step;
    }
    if (before !== undefined) return before.isAdmin;
    return after !== undefined ? !after.isAdmin : atEnd.some((each) => each.toLowerCase() === inboxId.toLowerCase());
  }

  #add(conversation: number, inboxId: string, step: Step): void {
    const key = keyOf(conversation, inboxId);
    const steps = this.#steps.get(key);
    if (steps === undefined) this.#steps.set(key, [step]);
    else steps.push(step);
  }
}

const keyOf = (conversation: number, inboxId: string): string => `${conversation}:${inboxId.toLowerCase()}`;

/**
 * Who was a super admin when the archive was made.
 *
 * An SDK that restores a group makes up its state until the group is active: it names itself as creator and super admin. Nobody may
 * delete by that.
 */
export const superAdminsOf = ({ membershipState, metadata, mutableMetadata }: ArchiveGroup): readonly string[] => {
  const superAdmins = mutableMetadata?.superAdminList ?? [];
  return membershipState === "restored" ? superAdmins.filter((inboxId) => inboxId !== metadata?.creatorInboxId) : superAdmins;
};
