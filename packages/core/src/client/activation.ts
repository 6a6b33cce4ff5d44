import { BehaviorSubject, distinctUntilChanged, map, type Observable, Subject } from "rxjs";
import { createActor } from "xstate";
import { readActivation, readExpected, removeExpected, writeActivation, writeExpected } from "../actors/activationNote.ts";
import { deniedPeople } from "../actors/deniedPeople.ts";
import { denyAgain } from "../actors/denyAgain.ts";
import type { Dependencies } from "../actors/dependencies.ts";
import { createClientFollower } from "../actors/followClient.ts";
import type { ActivationInput, StitchInput } from "../machines/activationContext.ts";
import { type ActivationEvent, conversationActivationMachine } from "../machines/conversationActivationMachine.ts";
import { fromTask } from "../machines/fromTask.ts";
import type { ActivationState, TrackedConversation } from "../model/activation.ts";
import type { ActivationNotice } from "../model/activationNotice.ts";
import type { HostConversation } from "../model/conversation.ts";
import type { ImportedHistory } from "../model/importedHistory.ts";
import type { Host } from "../ports/host.ts";
import { type ActivationMemory, emptyActivationMemory } from "../policy/activationMemory.ts";
import { noticesOf } from "../policy/activationNotices.ts";
import type { FoundLook, StitchOutcome } from "../policy/activationSteps.ts";
import { toActivationState } from "../policy/activationState.ts";
import { latestWriter } from "./latestWriter.ts";

/** Runs the machine that follows restored conversations, and tells what it knows. */
export type Activation = {
  readonly activation$: Observable<ActivationState>;
  readonly notices$: Observable<ActivationNotice>;
  getState(): ActivationState;
  /** What is known of one conversation; nothing of one that was not restored. */
  get(conversationId: string): TrackedConversation | undefined;
  conversation$(conversationId: string): Observable<TrackedConversation | undefined>;
  /** What is known, also before `resume`. */
  recall(): Promise<ActivationMemory>;
  /** Notes what an import is about to bring, so that it is followed even after a kill in the middle of it. */
  expect(history: ImportedHistory): Promise<void>;
  /** Follows what an import brought and the client lists as inactive. */
  track(history: ImportedHistory, listed: readonly HostConversation[]): Promise<void>;
  /** The same, and asks the client for the conversations. */
  find(history: ImportedHistory): Promise<void>;
  /** Goes on with what an earlier process followed. */
  resume(): Promise<void>;
  /** Tells the machine something, once what an earlier process knew is there. */
  send(event: ActivationEvent): void;
  /** Resolves once everything that is known is kept. */
  saved(): Promise<void>;
  stop(): void;
};

export function createActivation(dependencies: Dependencies, watch: Host["watch"], settings: ActivationInput): Activation {
  const { host, journal, clock, device } = dependencies;
  const follower = createClientFollower(dependencies);
  const actor = createActor(
    conversationActivationMachine.provide({
      actors: {
        look: fromTask<FoundLook, void>((_input, { signal }) => follower.look(memory(), signal)),
        backfill: fromTask<void, void>((_input, { signal }) => follower.backfill(signal)),
        stitch: fromTask<StitchOutcome, StitchInput>(({ peerInboxId }, { signal }) => follower.stitch(peerInboxId, signal)),
      },
    }),
    { input: settings, clock },
  );
  const { stitchDms } = actor.getSnapshot().context;
  const state$ = new BehaviorSubject(toActivationState([], [], stitchDms));
  const notices$ = new Subject<ActivationNotice>();
  const writer = latestWriter((next: ActivationMemory) => writeActivation(journal, next));
  let known = emptyActivationMemory;
  let byId: ReadonlyMap<string, TrackedConversation> = new Map();
  let { notices } = emptyActivationMemory;
  let isResumed = false;
  let unwatch: (() => void) | undefined;

  function memory(): ActivationMemory {
    return actor.getSnapshot().context.memory;
  }

  actor.subscribe(({ context: { memory: next }, value }) => {
    if (value.following === "settled") stopWatching();
    else if (next.conversations.length > 0 || next.awaited) unwatch ??= startWatching();
    if (next === known) return;
    const before = known;
    known = next;
    const news = noticesOf(before.conversations, next.conversations, notices);
    notices = news.memory;
    // Nothing that an earlier process knew may be overwritten by what this one learns first.
    if (isResumed) writer.write({ ...next, notices });
    if (next.conversations === before.conversations) return;
    byId = new Map(next.conversations.map((conversation) => [conversation.id, conversation]));
    state$.next(toActivationState(next.conversations, before.conversations, stitchDms));
    if (isResumed) news.notices.forEach((notice) => notices$.next(notice));
  });

  function startWatching(): () => void {
    const look = () => actor.send({ type: "activation.look" });
    const ends = [watch(look), device.watch((event) => (event === "changed" ? undefined : look()))];
    return () => ends.forEach((end) => end());
  }

  function stopWatching(): void {
    unwatch?.();
    unwatch = undefined;
  }

  async function recall(): Promise<ActivationMemory> {
    return isResumed ? known : ((await readActivation(journal)) ?? emptyActivationMemory);
  }

  async function load(): Promise<void> {
    if (isResumed) return;
    const earlier = await recall();
    if (isResumed) return;
    notices = earlier.notices;
    if (earlier.conversations.length > 0 || earlier.awaited) actor.send({ type: "activation.resume", memory: earlier });
    isResumed = true;
  }

  async function track(history: ImportedHistory, listed: readonly HostConversation[]): Promise<void> {
    await load();
    const { installationId } = await host.identity();
    const unknown = listed.filter(({ id }) => !byId.has(id));
    const denied = await denyAgain(host, history, unknown);
    const current = listed.map((conversation) => (denied.has(conversation.id) ? { ...conversation, consent: "denied" as const } : conversation));
    const finished = { history, listed: current, deniedPeople: await deniedPeople(host, unknown), ownInstallationId: installationId, atMs: clock.now() };
    actor.send({ type: "activation.imported", finished });
    await writer.flush();
    await removeExpected(journal);
  }

  const find: Activation["find"] = async (history) => track(history, await host.listConversations({ ids: history.conversations.map(({ id }) => id) }));

  actor.start();

  return {
    activation$: state$.asObservable(),
    notices$: notices$.asObservable(),
    getState: () => state$.value,
    get: (conversationId) => byId.get(conversationId),
    conversation$: (conversationId) =>
      state$.pipe(
        map(() => byId.get(conversationId)),
        distinctUntilChanged(),
      ),
    recall,
    expect: (history) => writeExpected(journal, history),
    track,
    find,
    async resume() {
      await load();
      const expected = await readExpected(journal);
      if (expected) await find(expected);
    },
    send(event) {
      if (isResumed) return actor.send(event);
      load().then(
        () => actor.send(event),
        () => undefined,
      );
    },
    saved: () => writer.flush(),
    stop() {
      stopWatching();
      actor.stop();
      state$.complete();
      notices$.complete();
    },
  };
}
