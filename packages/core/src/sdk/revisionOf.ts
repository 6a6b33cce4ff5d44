import type { Answer, SdkCountFilter } from "./sdkShapes.ts";
import { sdkValues } from "./sdkValues.ts";

/** What tells how often a conversation has changed: a group or a DM of an SDK. */
type Changing = {
  readonly isActive: boolean | (() => Promise<boolean>);
  countMessages(options?: SdkCountFilter): Promise<number | bigint>;
  /** Whether the user has asked to leave; only groups have it. */
  isPendingRemoval?(): Answer<boolean>;
  /** Only DMs have it. */
  readonly peerInboxId?: unknown;
};

/**
 * A number that is another one once a conversation's own data has changed.
 *
 * The SDK notes each change of the name, the people or the timer as a message of its own (docs/sdk-facts.md#changes-are-messages). Two
 * changes leave no such message at once, and are part of the number: that the user asks to leave, and that the conversation becomes active
 * or inactive. A change of one of stitched DMs changes the number of each, since the SDK counts the messages of all of them together.
 */
export async function revisionOf(conversation: Changing): Promise<number> {
  const { isActive } = conversation;
  const active = typeof isActive === "function" ? await isActive.call(conversation) : isActive;
  const leaving = (await conversation.isPendingRemoval?.()) ?? false;
  // In a group the kind names the same messages, and the SDK takes half as long.
  const isGroup = !("peerInboxId" in conversation);
  const noted = await conversation.countMessages(isGroup ? { kind: sdkValues.groupChange } : { contentTypes: sdkValues.changeTypes });
  return Number(noted) * 4 + (leaving ? 2 : 0) + (active ? 0 : 1);
}
