import { type ActivationMemory, emptyActivationMemory } from "./rules/activationMemory.ts";
import { type FoundLook, recordLook } from "./rules/activationSteps.ts";
import { memberChecksEveryMs, memberSyncsEveryMs } from "./rules/expectActivation.ts";
import { canRecreate, type RecreateDms, recreatableUnasked } from "./rules/recreating.ts";
import { activatesAny } from "./rules/trackConversations.ts";

export type ActivationInput = {
  /** What an earlier process knew. @default nothing */
  memory?: ActivationMemory;
  /** Whether inactive DMs are recreated: after the user's word, automatically, or not at all. @default "ask" */
  recreateDms?: RecreateDms;
  /** Wait before the second look, in milliseconds; it doubles while nothing changes. @default 5_000 */
  firstDelayMs?: number;
  /** The longest wait between two looks, in milliseconds. @default 1_800_000 */
  longestDelayMs?: number;
  /**
   * The shortest wait between two looks, in milliseconds, however much arrives. After a long look comes a wait of ten times that, up to
   * `firstDelayMs`, so that looking never takes much of the machine. @default 1_000
   */
  gapMs?: number;
  /** The wait between two new DMs, in milliseconds. @default 2_000 */
  recreateGapMs?: number;
};

/** The defaults of tracking restored conversations. */
const defaults = {
  memory: emptyActivationMemory,
  recreateDms: "ask",
  firstDelayMs: memberChecksEveryMs,
  longestDelayMs: memberSyncsEveryMs,
  gapMs: 1_000,
  recreateGapMs: 2_000,
} as const satisfies Required<ActivationInput>;

/** How many times as long as a look took the next one waits. */
const restForWork = 10;

export type ActivationContext = Omit<Required<ActivationInput>, "memory"> & {
  memory: ActivationMemory;
  /** What the last look found, until the messages that belong to it are there. */
  found?: FoundLook | undefined;
  /** Something arrived since the last look began. */
  wasCalled: boolean;
  delayMs: number;
  /** How long the last look took, in milliseconds. */
  lookMs: number;
  /** DMs that are to be recreated, and the one that is being made. */
  queue: readonly string[];
  recreatingId?: string | undefined;
};

/** Which DM to recreate. */
export type RecreateInput = { id: string; peerInboxId: string };

/** What the machine begins with. */
export function beginActivation(input: ActivationInput): ActivationContext {
  const { memory, ...settings } = { ...defaults, ...input };
  return { ...settings, memory, wasCalled: false, delayMs: settings.firstDelayMs, lookMs: 0, queue: [] };
}

/** The wait before the next look, however much arrives. */
export function restAfterLook({ gapMs, lookMs, firstDelayMs }: ActivationContext): number {
  return Math.max(gapMs, Math.min(restForWork * lookMs, firstDelayMs));
}

/** What a look has found, and which DMs to recreate automatically. A newly active conversation makes the next look come soon. */
export function afterLook(
  { memory, found, queue, recreateDms, delayMs, firstDelayMs }: ActivationContext,
  isBackfilled: boolean,
): Partial<ActivationContext> {
  if (!found) return {};
  const next = recordLook(memory, found, isBackfilled);
  const unasked = recreateDms === "auto" ? recreatableUnasked(next.conversations, found.nowMs).map(({ id }) => id) : [];
  return {
    memory: next,
    found: undefined,
    queue: unasked.length > 0 ? [...new Set([...queue, ...unasked])] : queue,
    delayMs: activatesAny(memory.conversations, { ...found, isBackfilled }) ? firstDelayMs : delayMs,
  };
}

/** The DM whose turn it is, if it still waits. */
export function nextToRecreate({ memory, recreatingId, recreateDms }: ActivationContext): RecreateInput | undefined {
  const conversation = memory.conversations.find(({ id }) => id === recreatingId);
  if (recreateDms === "never" || !conversation) return undefined;
  const { id, peerInboxId = "" } = conversation;
  return canRecreate(conversation) || conversation.status === "recreating" ? { id, peerInboxId } : undefined;
}
