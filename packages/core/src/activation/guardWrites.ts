import { invalid } from "../errors/assertOptions.ts";
import { BackupError } from "../errors/backupError.ts";
import type { TrackedConversation } from "./rules/trackedConversation.ts";

/** Whether a conversation can be written: itself, or the active DM with the same person. */
export type WriteCheck = {
  canWrite(conversationId: string): boolean;
  /** The active DM with the same person, where the conversation itself is not known to be active. */
  newerId(conversationId: string): string | undefined;
  /** Asks the client whether the conversation itself is active. */
  isActiveNow(conversationId: string): Promise<boolean>;
};

/** Where writing works, going by what is known of restored conversations. */
export function createWriteRules(
  get: (conversationId: string) => TrackedConversation | undefined,
): Pick<WriteCheck, "canWrite" | "newerId"> {
  return {
    canWrite(conversationId) {
      if (typeof conversationId !== "string" || conversationId === "") return false;
      const tracked = get(conversationId);
      return tracked === undefined || tracked.status === "active";
    },
    newerId(conversationId) {
      const tracked = get(conversationId);
      return tracked?.activeId === conversationId || tracked?.isRejoined ? undefined : tracked?.activeId;
    },
  };
}

type Method = (...parameters: unknown[]) => unknown;

/**
 * The same conversation, whose methods of those names reject while it is inactive (docs/sdk-facts.md#inactive-is-read-only), before
 * they reach the SDK. Everything else goes through.
 *
 * The SDK may give an inactive DM by the id of the active one (docs/sdk-facts.md#stitched-dms). So a write to such a DM goes to the
 * active one, which `duplicateDms` gives.
 *
 * @throws OPTIONS_INVALID when it is no conversation
 */
export function guardWrites<TConversation extends { id: string }>(
  conversation: TConversation,
  guarded: ReadonlySet<string>,
  check: WriteCheck,
): TConversation {
  if (typeof conversation !== "object" || conversation === null || typeof conversation.id !== "string") {
    throw invalid(
      "guardWrites takes a conversation of the SDK.",
      typeof conversation === "string" ? "Look it up by its id first." : undefined,
    );
  }
  const bound = new Map<PropertyKey, { method: Method; call: Method }>();

  /** A method of the conversation, bound to it once. */
  function bind(target: TConversation, property: PropertyKey, method: Method): Method {
    const known = bound.get(property);
    if (known?.method === method) return known.call;
    const ready: Method = (...parameters) => method.apply(target, parameters);
    const call = typeof property === "string" && guarded.has(property) ? guard(target, property, ready) : ready;
    bound.set(property, { method, call });
    return call;
  }

  function guard(target: TConversation, name: string, write: Method): Method {
    return (...parameters) => {
      if (!check.canWrite(target.id)) return Promise.reject(inactive());
      const newerId = check.newerId(target.id);
      return newerId === undefined ? write(...parameters) : passOn(target, newerId, name, write, parameters);
    };
  }

  /** An old DM whose peer wrote in it is active as well, which nothing tells. */
  async function passOn(target: TConversation, newerId: string, name: string, write: Method, parameters: unknown[]): Promise<unknown> {
    const newer = await findTwin(target, newerId);
    const method: unknown = newer && Reflect.get(newer, name, newer);
    if (typeof method === "function") return (method as Method).apply(newer, parameters);
    if (await check.isActiveNow(target.id)) return write(...parameters);
    throw inactive(`Write in the newer conversation with the same person: ${newerId}.`);
  }

  return new Proxy(conversation, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? bind(target, property, value as Method) : value;
    },
  });
}

/** Another DM with the same person, as the SDK's own object. */
async function findTwin(conversation: { id: string; duplicateDms?: unknown }, id: string): Promise<object | undefined> {
  if (typeof conversation.duplicateDms !== "function") return undefined;
  const twins: unknown = await (conversation.duplicateDms as Method).call(conversation);
  return Array.isArray(twins) ? twins.find((each: unknown): each is object => (each as { id?: unknown } | null)?.id === id) : undefined;
}

function inactive(details?: string): BackupError {
  return new BackupError(
    "CONVERSATION_INACTIVE",
    "This conversation was restored and is still read-only.",
    details === undefined ? {} : { details },
  );
}
