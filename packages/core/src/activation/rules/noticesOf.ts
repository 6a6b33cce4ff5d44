import type { TrackedConversation } from "./trackedConversation.ts";
import type { ActivationNotice } from "./activationNotice.ts";

/** Which milestone was shown to the user, and of how many conversations that was. */
export type NoticeMemory = { total?: number; told?: "first" | "half" | "all" };

const milestones = ["first", "half", "all"] as const;

/**
 * What to tell the user after a change: the first conversation is active, half of them, all, or one is stalled.
 *
 * Each is reported once, and of milestones that are reached together only the last. When another restore adds conversations they
 * begin again, from where all of them together stand. Conversations that the user dismissed or left, do not count.
 */
export function noticesOf(
  before: readonly TrackedConversation[],
  after: readonly TrackedConversation[],
  memory: NoticeMemory,
): { notices: readonly ActivationNotice[]; memory: NoticeMemory } {
  const counted = after.filter(({ status }) => status !== "dismissed" && status !== "readOnly");
  const total = counted.length;
  const active = counted.filter(({ status }) => status === "active").length;
  const reached = [...milestones].reverse().find((milestone) => isReached(milestone, active, total));
  const told = after.length > (memory.total ?? 0) ? reached : memory.told;
  const isNews = reached !== undefined && milestones.indexOf(reached) > (told === undefined ? -1 : milestones.indexOf(told));
  const next = isNews ? reached : told;
  return {
    notices: [...(isNews ? [{ type: reached, active, total }] : []), ...stalledNow(before, after)],
    memory: { total: after.length, ...(next !== undefined && { told: next }) },
  };
}

function isReached(milestone: (typeof milestones)[number], active: number, total: number): boolean {
  if (milestone === "first") return active > 0;
  return active > 0 && (milestone === "half" ? active * 2 >= total : active === total);
}

function stalledNow(before: readonly TrackedConversation[], after: readonly TrackedConversation[]): ActivationNotice[] {
  const stalled = after.filter(({ status }) => status === "stalled");
  if (stalled.length === 0) return [];
  const known = new Map(before.map(({ id, status }) => [id, status]));
  return stalled.filter(({ id }) => known.get(id) !== "stalled").map((conversation) => ({ type: "stalled", conversation }));
}
