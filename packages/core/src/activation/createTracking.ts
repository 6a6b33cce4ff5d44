import type { Observable } from "rxjs";
import type { Dependencies } from "../ports/dependencies.ts";
import { assertOptions, assertText, assertTexts, callOptionNames } from "../errors/assertOptions.ts";
import type { ActivationState, TrackedConversation } from "./rules/trackedConversation.ts";
import type { ActivationNotice } from "./rules/activationNotice.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { canRecreate } from "./rules/recreating.ts";
import type { Activation } from "./createActivation.ts";
import type { GapFillers } from "./gapFillers.ts";
import { createWriteRules, guardWrites } from "./guardWrites.ts";
import { loadOnce } from "../tasks/loadOnce.ts";
import { listOtherInstallations, type OtherInstallation } from "./otherInstallations.ts";

/** One restored conversation, tracked. */
export type ConversationHandle = {
  /** Where it stands; the current state first, then every change. Undefined while it was not restored: then it is as it ever was. */
  readonly state$: Observable<TrackedConversation | undefined>;
  getState(): TrackedConversation | undefined;
};

/** Restored conversations, from the import until they are active again. */
export type Tracking = {
  /** What becomes of the restored conversations; the current state first, then every change. */
  readonly activation$: Observable<ActivationState>;
  /** What is worth telling the user once, as it happens: subscribe before `start()`. */
  readonly activationNotices$: Observable<ActivationNotice>;
  /** One conversation, whether it was restored or not. */
  conversation(conversationId: string): ConversationHandle;
  /**
   * False for what is no id, and for a restored conversation until it is active again. A DM can be written once any DM with its person is
   * active.
   */
  canWrite(conversationId: string): boolean;
  /**
   * The same conversation, whose writes reject with `CONVERSATION_INACTIVE` until it is active, and never reach the SDK.
   *
   * What is written to a restored DM goes to the active DM with the same person, whichever of them the SDK lists.
   */
  guardWrites<TConversation extends { id: string }>(conversation: TConversation): TConversation;
  /**
   * Recreates inactive DMs, one after the other. The history then shows in a DM that can be written. Answers with the ids of those
   * that it will try, none when the setting is `never`.
   *
   * @param conversationIds which ones @default those of people whom the user allowed, the most recently used first
   */
  recreateDms(conversationIds?: readonly string[]): string[];
  /** The user dismisses conversations: they stay read-only until somebody writes, and count no more. */
  dismiss(conversationIds: readonly string[]): void;
  /** The user wants conversations tracked again that they dismissed. */
  trackAgain(conversationIds: readonly string[]): void;
  /** Looks at the client now, beside all the automatic looks. */
  lookNow(): void;
  /**
   * The user's other installations, the newest first. One that is online, with device sync on, activates everything at once that was
   * in use in the last 90 days and is not denied.
   *
   * @throws HOST_FAILED when the network can't be asked
   */
  otherInstallations(options?: CallOptions): Promise<OtherInstallation[]>;
  /** The user has opened the app on another device: what it can activate is expected soon. */
  reportOtherInstallation(): void;
  /** What could bring the messages that are missing between an archive and the activation. */
  gapFillers(options?: CallOptions): Promise<GapFillers>;
};

const loadGapFillers = loadOnce("looks for missing messages", () => import("./gapFillers.ts"));

export function createTracking(dependencies: Dependencies, activation: Activation, mayRecreate: boolean): Tracking {
  const { host, clock } = dependencies;
  const guarded = new Set(host.guardedMethods);

  const { canWrite, newerId } = createWriteRules(activation.get);

  async function isActiveNow(conversationId: string): Promise<boolean> {
    const [conversation] = await host.listConversations({ ids: [conversationId] });
    if (!conversation?.isActive) return false;
    activation.send({ type: "activation.look" });
    return true;
  }

  return {
    activation$: activation.activation$,
    activationNotices$: activation.notices$,
    conversation(conversationId) {
      assertText("conversation(id): the id", conversationId);
      return { state$: activation.conversation$(conversationId), getState: () => activation.get(conversationId) };
    },
    canWrite,
    guardWrites: (conversation) => guardWrites(conversation, guarded, { canWrite, newerId, isActiveNow }),

    recreateDms(conversationIds) {
      if (conversationIds !== undefined) assertTexts("recreateDms(ids): what it takes", conversationIds);
      const { recreatable } = activation.getState();
      const ids = conversationIds ? conversationIds.filter((id) => mayRecreate && canRecreate(activation.get(id))) : [...recreatable];
      if (ids.length > 0) activation.send({ type: "activation.recreate", ids });
      return ids;
    },

    dismiss(ids) {
      assertTexts("dismiss(ids): what it takes", ids);
      activation.send({ type: "activation.dismiss", ids });
    },
    trackAgain(ids) {
      assertTexts("trackAgain(ids): what it takes", ids);
      activation.send({ type: "activation.trackAgain", ids });
    },
    lookNow: () => activation.send({ type: "activation.look" }),
    reportOtherInstallation: () => activation.send({ type: "activation.otherInstallation", atMs: clock.now() }),

    async otherInstallations(options) {
      assertOptions("otherInstallations", options, callOptionNames);
      return listOtherInstallations(host, activation, options);
    },
    async gapFillers(options) {
      assertOptions("gapFillers", options, callOptionNames);
      const { findGapFillers } = await loadGapFillers();
      return findGapFillers(dependencies, activation, options);
    },
  };
}
