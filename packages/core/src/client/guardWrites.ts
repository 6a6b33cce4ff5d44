import { BackupError } from "../errors/backupError.ts";
import type { TrackedConversation } from "../model/activation.ts";

/** Whether a conversation can be written: at once, or after asking the client about one whose DM was made anew. */
export type WriteCheck = {
  canWrite(conversationId: string): boolean;
  /** The DM that took its history over, when there is one. */
  newerId(conversationId: string): string | undefined;
  /** Asks the client whether the conversation itself is active. */
  isActiveNow(conversationId: string): Promise<boolean>;
};

/** Where writing works, going by what is known of restored conversations. */
export function createWriteRules(get: (conversationId: string) => TrackedConversation | undefined): Pick<WriteCheck, "canWrite" | "newerId"> {
  return {
    canWrite(conversationId) {
      const tracked = get(conversationId);
      return tracked === undefined || (tracked.status === "active" && (tracked.activeId === conversationId || tracked.isRejoined === true));
    },
    newerId(conversationId) {
      const tracked = get(conversationId);
      return tracked?.activeId === conversationId ? undefined : tracked?.activeId;
    },
  };
}

type Method = (...parameters: unknown[]) => unknown;

/**
 * The same conversation, whose methods of those names reject while it is inactive, before they reach the SDK; everything else
 * goes through.
 */
export function guardWrites<TConversation extends { id: string }>(conversation: TConversation, guarded: ReadonlySet<string>, check: WriteCheck): TConversation {
  const bound = new Map<PropertyKey, { method: Method; call: Method }>();

  /** A method of the conversation, bound to it once. */
  function bind(target: TConversation, property: PropertyKey, method: Method): Method {
    const known = bound.get(property);
    if (known?.method === method) return known.call;
    const ready: Method = (...parameters) => method.apply(target, parameters);
    const call = typeof property === "string" && guarded.has(property) ? guard(target.id, ready) : ready;
    bound.set(property, { method, call });
    return call;
  }

  function guard(id: string, write: Method): Method {
    return (...parameters) => (check.canWrite(id) ? write(...parameters) : refuseOrWrite(id, () => write(...parameters)));
  }

  /** An old DM whose peer wrote in it is active as well, which nothing tells. */
  async function refuseOrWrite(id: string, write: () => unknown): Promise<unknown> {
    const newerId = check.newerId(id);
    if (newerId === undefined) throw inactive();
    if (await check.isActiveNow(id)) return write();
    throw inactive(`Write in the newer conversation with the same person: ${newerId}.`);
  }

  return new Proxy(conversation, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? bind(target, property, value as Method) : value;
    },
  });
}

function inactive(details?: string): BackupError {
  return new BackupError("CONVERSATION_INACTIVE", "This conversation was restored and is still read-only.", details === undefined ? {} : { details });
}
