import type { TrackedConversation } from "../activation/rules/trackedConversation.ts";
import { restoredConversationTexts } from "./english/restoredConversationTexts.ts";
import { plainName } from "./plainName.ts";
import { type Speak, speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** What a restored conversation shows. */
export type ConversationText = {
  /** Up to three words, for a badge beside the name. */
  badge: string;
  /** A heading, with the name where it was given. */
  title: string;
  /** What is so and what happens automatically: one or two sentences. */
  text: string;
  /** What the user can do; absent when there is nothing to do. */
  action?: string;
  /** For the empty composer; absent where one can write. */
  placeholder?: string;
};

export type ConversationTextOptions = TextOptions & {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The person's or the group's name, as people wrote it. @default none */
  name?: string | undefined;
  /** Whether the user may start this DM again: `state.recreatable` names it. @default false */
  isRecreatable?: boolean | undefined;
};

/**
 * Says what is to be expected of a restored conversation, and what the user can do.
 *
 * @example
 * ```ts
 * import { describeRestoredConversation, type TrackedConversation } from "@xmtp-backup/core";
 *
 * function badgeOf(conversation: TrackedConversation): string {
 *   return describeRestoredConversation(conversation, { nowMs: Date.now() }).badge;
 * }
 * ```
 */
export function describeRestoredConversation(tracked: TrackedConversation, options: ConversationTextOptions): ConversationText {
  const conversation = asKnown(tracked);
  const say = speak(restoredConversationTexts, options.texts, "conversation.unknown");
  const phase = phaseOf(conversation, options.nowMs);
  const action = actionOf(say, phase, conversation, options.isRecreatable ?? false);
  const placeholder = placeholderOf(phase, conversation);
  return {
    badge: say(`conversation.badge.${phase === "dismissed" ? "readOnly" : phase}`),
    title: titleOf(say, phase, conversation, options.name),
    text: textOf(say, phase, conversation),
    ...(action !== undefined && { action }),
    ...(placeholder !== undefined && { placeholder: say(`conversation.placeholder.${placeholder}`) }),
  };
}

const knownStatuses = new Set<string>([
  "waiting",
  "stalled",
  "recreating",
  "dismissed",
  "active",
] satisfies TrackedConversation["status"][]);

/** A status or a kind that only another version of the app knows is as good as the one that promises least. */
function asKnown(conversation: TrackedConversation): TrackedConversation {
  const { kind, status } = conversation;
  return { ...conversation, kind: kind === "dm" ? kind : "group", status: knownStatuses.has(status) ? status : "waiting" };
}

type SayConversation = Speak<typeof restoredConversationTexts>;

/** The status as people see it: what is waiting is so with more or less hope, and late from its time on even before anybody looked. */
type Phase = "soon" | "waiting" | "late" | "readOnly" | "dismissed" | "recreating" | "active";

function phaseOf({ status, expectation }: TrackedConversation, nowMs: number): Phase {
  if (status !== "waiting" && status !== "stalled") return status;
  const { outlook, untilMs = Infinity } = expectation;
  if (outlook === "unlikely") return "readOnly";
  if (status === "stalled" || untilMs < nowMs) return "late";
  return outlook === "soon" ? "soon" : "waiting";
}

function titleOf(say: SayConversation, phase: Phase, { kind }: TrackedConversation, givenName: string | undefined): string {
  const title = phase === "soon" ? "waiting" : phase === "dismissed" ? "readOnly" : phase;
  const name = plainName(givenName);
  return name === undefined ? say(`conversation.title.${title}`) : say(`conversation.title.${title}.${kind}`, { name });
}

function textOf(say: SayConversation, phase: Phase, conversation: TrackedConversation): string {
  const { kind, expectation, recreating } = conversation;
  const { reason } = expectation;
  if (phase === "dismissed" || phase === "recreating") return say(`conversation.${phase}`);
  if (phase === "active") return say(isMoved(conversation) ? "conversation.active.moved" : "conversation.active");
  const failed = recreating && recreating.tries > 0 ? ` ${say("conversation.recreatingFailed")}` : "";
  if (phase !== "late") return say(`conversation.waiting.${reason}.${kind}`) + failed;
  return say(`conversation.late.${reason === "otherInstallation" ? reason : "messages"}.${kind}`) + failed;
}

function actionOf(
  say: SayConversation,
  phase: Phase,
  { kind, expectation: { reason } }: TrackedConversation,
  isRecreatable: boolean,
): string | undefined {
  if (phase === "active" || phase === "recreating") return undefined;
  if (reason === "denied") return say(`conversation.action.unblock.${kind}`);
  if (reason === "otherInbox") return undefined;
  if (reason === "left") return say("conversation.action.comeBack");
  if (reason === "removed") return kind === "group" ? say("conversation.action.rejoin") : undefined;
  if (isRecreatable) return say("conversation.action.recreate");
  if (phase === "dismissed") return undefined;
  return reason === "otherInstallation" ? say("conversation.action.openOther") : say(`conversation.action.ask.${kind}`);
}

function placeholderOf(
  phase: Phase,
  conversation: TrackedConversation,
): "soon" | "waiting" | "readOnly" | "recreating" | "moved" | undefined {
  if (phase === "active") return isMoved(conversation) ? "moved" : undefined;
  if (phase === "late") return "waiting";
  return phase === "dismissed" ? "readOnly" : phase;
}

/** Whether writing works in a newer DM only. */
function isMoved({ id, activeId = id, isRejoined = false }: TrackedConversation): boolean {
  return activeId !== id && !isRejoined;
}
