import type { ActivationMemory } from "./activationMemory.ts";
import type { TrackedConversation } from "./trackedConversation.ts";

/** The words of 0.1.0, and today's. */
const renamed: Readonly<Record<string, string>> = { leftOut: "dismissed", stitching: "recreating" };

type Noted = TrackedConversation & { stitching?: TrackedConversation["recreating"] };

/** A note of version 0.1.0 has other words for the same: they become today's. */
export function inPresentWords(memory: ActivationMemory): ActivationMemory {
  return { ...memory, conversations: memory.conversations.map(toPresent) };
}

function toPresent({ stitching, ...conversation }: Noted): TrackedConversation {
  const { status, activatedBy } = conversation;
  return {
    ...conversation,
    status: wordOf(status),
    ...(stitching && { recreating: stitching }),
    ...(activatedBy !== undefined && { activatedBy: wordOf(activatedBy) }),
  };
}

function wordOf<T extends string>(word: T): T {
  return (Object.hasOwn(renamed, word) ? renamed[word] : word) as T;
}
