import { BehaviorSubject, distinctUntilChanged, map, type Observable } from "rxjs";
import { createActor } from "xstate";
import type { Dependencies } from "../actors/dependencies.ts";
import { readExpected, readTracked, removeExpected, writeExpected, writeTracked } from "../actors/trackedNote.ts";
import { BackupError } from "../errors/backupError.ts";
import { conversationActivationMachine, type ActivationInput } from "../machines/conversationActivationMachine.ts";
import { fromTask } from "../machines/fromTask.ts";
import type { ActivationState, TrackedConversation } from "../model/activation.ts";
import type { Host } from "../ports/host.ts";
import type { HostConversation } from "../model/conversation.ts";
import { addTracked, isEveryActive, toActivationState } from "../policy/trackConversations.ts";

export type Activation = {
  /** How many restored conversations are active again; the current count first, then every change. */
  readonly activation$: Observable<ActivationState>;
  /** Notes what an import is about to bring, so that it is followed even after a kill in the middle of it. */
  expect(conversationIds: readonly string[]): Promise<void>;
  /** Follows those of the conversations that are inactive. */
  track(conversations: readonly HostConversation[]): Promise<void>;
  /** Asks the client for the conversations and follows those that are inactive. */
  find(conversationIds: readonly string[]): Promise<void>;
  /** Goes on with what an earlier process followed. */
  resume(): Promise<void>;
  look(): void;
  canWrite(conversationId: string): boolean;
  guardWrites<TConversation extends { id: string }>(conversation: TConversation): TConversation;
  stop(): void;
};

export function createActivation({ host, journal, clock }: Dependencies, watch: Host["watch"], settings: ActivationInput): Activation {
  const machine = conversationActivationMachine.provide({
    actors: {
      look: fromTask(async (_input, { signal }) => {
        await host.syncConversations({ signal });
        return { conversations: await host.listConversations({ signal }), atMs: clock.now() };
      }),
      backfill: fromTask((_input, { signal }) => host.syncAll({ signal })),
    },
  });
  const actor = createActor(machine, { input: settings, clock });
  const conversations$ = new BehaviorSubject<readonly TrackedConversation[]>(actor.getSnapshot().context.conversations);
  let unwatch: (() => void) | undefined;
  let saving = Promise.resolve();

  actor.subscribe(({ context: { conversations }, value }) => {
    if (value === "settled") stopWatching();
    if (conversations === conversations$.value) return;
    conversations$.next(conversations);
    saving = saving.then(() => writeTracked(journal, conversations)).catch(() => undefined);
  });

  function stopWatching(): void {
    unwatch?.();
    unwatch = undefined;
  }

  function follow(conversations: readonly TrackedConversation[]): void {
    if (conversations.length === 0) return;
    actor.send({ type: "activation.track", conversations });
    unwatch ??= watch(() => actor.send({ type: "activation.look" }));
  }

  function canWrite(conversationId: string): boolean {
    const tracked = conversations$.value.find(({ id }) => id === conversationId);
    return tracked === undefined || tracked.activeId === conversationId;
  }

  const find: Activation["find"] = async (ids) => track(await host.listConversations({ ids }));

  async function track(conversations: readonly HostConversation[]): Promise<void> {
    const restoredAtMs = clock.now();
    const waiting = conversations
      .filter(({ isActive }) => !isActive)
      .map(({ id, kind, peerInboxId }): TrackedConversation => ({ id, kind, status: "waiting", restoredAtMs, ...(peerInboxId && { peerInboxId }) }));
    // Noted before the first look, which would hold the restore up.
    await saving;
    await writeTracked(journal, addTracked(conversations$.value, waiting));
    await removeExpected(journal);
    follow(waiting);
  }

  actor.start();

  return {
    activation$: conversations$.pipe(distinctUntilChanged(), map(toActivationState)),
    expect: (conversationIds) => writeExpected(journal, conversationIds),
    track,
    find,
    async resume() {
      const tracked = await readTracked(journal);
      if (!isEveryActive(tracked)) follow(tracked);
      else if (tracked.length > 0) actor.send({ type: "activation.track", conversations: tracked });
      const expected = await readExpected(journal);
      if (expected.length > 0) await find(expected);
    },
    look: () => actor.send({ type: "activation.look" }),
    canWrite,
    guardWrites: (conversation) => guardWrites(conversation, new Set(host.guardedMethods), () => canWrite(conversation.id)),
    stop() {
      stopWatching();
      actor.stop();
      conversations$.complete();
    },
  };
}

function guardWrites<TConversation extends { id: string }>(
  conversation: TConversation,
  guarded: ReadonlySet<string>,
  canWrite: () => boolean,
): TConversation {
  return new Proxy(conversation, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return typeof property === "string" && guarded.has(property) && !canWrite()
        ? () => Promise.reject(inactive())
        : (value.bind(target) as unknown);
    },
  });
}

function inactive(): BackupError {
  return new BackupError("CONVERSATION_INACTIVE", "This conversation was restored and is still read-only.");
}
