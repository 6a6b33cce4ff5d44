import { type Observable, skip } from "rxjs";
import { createActor } from "xstate";
import { removeExpected, writeActivation } from "./activationNote.ts";
import { type Arrivals, createArrivals } from "./createArrivals.ts";
import { deniedPeople } from "./deniedPeople.ts";
import type { TellBrought } from "../imported/createBringing.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import { firstInRow } from "../logging/firstInRow.ts";
import { createClientEffects } from "./createClientEffects.ts";
import type { ActivationInput, RecreateInput } from "./activationContext.ts";
import { type ActivationEvent, conversationActivationMachine } from "./conversationActivationMachine.ts";
import { fromTask } from "../tasks/fromTask.ts";
import type { ActivationState } from "./rules/trackedConversation.ts";
import type { ActivationNotice } from "./rules/activationNotice.ts";
import type { HostConversation } from "../ports/hostConversation.ts";
import type { Imported, ImportedMessages } from "../imported/imported.ts";
import type { ImportedHistory } from "../imported/importedHistory.ts";
import type { Host } from "../ports/host.ts";
import type { ActivationMemory } from "./rules/activationMemory.ts";
import { noticesOf } from "./rules/noticesOf.ts";
import type { FoundLook, RecreateOutcome } from "./rules/activationSteps.ts";
import { toActivationState } from "./rules/toActivationState.ts";
import { actorOptions } from "../tasks/actorOptions.ts";
import { latestWriter } from "./latestWriter.ts";

/** The machine that tracks restored conversations, at work. */
export type Tracker = {
  memory(): ActivationMemory;
  send(event: ActivationEvent): void;
  /** Tracks what an import brought and the client lists as inactive. */
  track(history: ImportedHistory, listed: readonly HostConversation[]): Promise<void>;
  /** What the SDK imports after a request for history. */
  readonly arrivals: Arrivals;
  /** Resolves once everything that is known is kept. */
  saved(): Promise<void>;
  stop(): void;
};

export type TrackerListener = {
  show(state: ActivationState): void;
  notify(notice: ActivationNotice): void;
  /** Hears what history sync brought unasked, and knows what else is reported and whether a restore runs. */
  arrived: { tell: TellBrought; imported$: Observable<Imported>; isRestoring(): boolean };
};

/** Goes on with what an earlier process tracked, keeps what becomes of it in the journal, and tells it. */
export function trackRestored(
  dependencies: Dependencies,
  watch: Host["watch"],
  settings: ActivationInput,
  earlier: ActivationMemory,
  listener: TrackerListener,
): Tracker {
  const { host, journal, clock, device, log } = dependencies;
  const { tell, imported$, isRestoring } = listener.arrived;
  const arrivals = createArrivals(dependencies, { tell: tellArrived, isRestoring });
  const client = createClientEffects(dependencies, arrivals.see);
  const actor = createActor(
    conversationActivationMachine.provide({
      actors: {
        look: fromTask<FoundLook, void>(async (_input, { signal }) => {
          await keeping;
          signal.throwIfAborted();
          return client.look(memory(), signal);
        }),
        backfill: fromTask<void, void>((_input, { signal }) => client.backfill(signal)),
        recreate: fromTask<RecreateOutcome, RecreateInput>(({ peerInboxId }, { signal }) => client.recreate(peerInboxId, signal)),
      },
    }),
    { input: settings, ...actorOptions(dependencies) },
  );
  const { recreateDms } = actor.getSnapshot().context;
  const written = firstInRow((error) => log("warn", failureEvent("note.failed", error)));
  const writer = latestWriter((next: ActivationMemory) => writeActivation(journal, next), written);
  let known = memory();
  let { notices } = earlier;
  let isResumed = false;
  let mayWatch = false;
  let unwatch: (() => void) | undefined;
  /** What an import brought is being noted. Looks and streams wait for that: they would hold up the end of the restore. */
  let keeping: Promise<void> | undefined;

  let isTelling = false;
  const told = imported$.pipe(skip(1)).subscribe(({ conversations }) => {
    if (!isTelling) arrivals.discount(conversations);
  });

  function tellArrived(conversations: readonly ImportedMessages[]): void {
    isTelling = true;
    tell(conversations);
    isTelling = false;
  }

  function memory(): ActivationMemory {
    return actor.getSnapshot().context.memory;
  }

  actor.subscribe(({ context: { memory: next }, value }) => {
    if (value.tracking === "settled") stopWatching();
    else if (next.conversations.length > 0 || next.awaited) watchOnceKept();
    if (next === known) return;
    const before = known;
    known = next;
    if (before.awaited && !next.awaited) arrivals.end();
    const news = noticesOf(before.conversations, next.conversations, notices);
    notices = news.memory;
    if (isResumed) writer.write({ ...next, notices });
    if (next.conversations === before.conversations) return;
    listener.show(toActivationState(next.conversations, before.conversations, recreateDms));
    if (isResumed) news.notices.forEach((notice) => listener.notify(notice));
  });

  function startWatching(): () => void {
    const look = () => actor.send({ type: "activation.look" });
    const ends = [watch(look), device.watch((event) => (event === "changed" ? undefined : look()))];
    return () => ends.forEach((end) => end());
  }

  function watchOnceKept(): void {
    mayWatch = true;
    if (!keeping) unwatch ??= startWatching();
  }

  function stopWatching(): void {
    mayWatch = false;
    unwatch?.();
    unwatch = undefined;
  }

  /** Noted or not, looks and streams begin afterwards. */
  async function beforeLooks(note: () => Promise<void>): Promise<void> {
    let end = (): void => undefined;
    const keepingNow = new Promise<void>((resolve) => (end = resolve));
    keeping = keepingNow;
    try {
      await note();
    } finally {
      if (keeping === keepingNow) keeping = undefined;
      if (!keeping && mayWatch) unwatch ??= startWatching();
      end();
    }
  }

  async function track(history: ImportedHistory, listed: readonly HostConversation[]): Promise<void> {
    const { inboxId, installationId } = await host.identity();
    const tracked = new Map(memory().conversations.map((conversation) => [conversation.id, conversation]));
    const unknown = listed.filter(({ id }) => !tracked.has(id));
    // Of those that are active already, the newer DM may be out of reach now.
    const asked = listed.filter(({ id, isActive }) => !isActive && (tracked.get(id)?.status ?? "active") === "active");
    const people = new Set(asked.flatMap(({ peerInboxId }) => (peerInboxId === undefined ? [] : [peerInboxId])));
    // What can't be listed now is found by the next look.
    const activeDms = people.size === 0 ? [] : await host.listConversations({ ids: [], peerInboxIds: [...people] }).catch(() => undefined);
    const finished = {
      history,
      listed,
      activeDms,
      deniedPeople: await deniedPeople(host, unknown),
      ownInboxId: inboxId,
      ownInstallationId: installationId,
      atMs: clock.now(),
    };
    await beforeLooks(async () => {
      actor.send({ type: "activation.imported", finished });
      await writer.flush();
      await removeExpected(journal);
    });
  }

  actor.start();
  if (earlier.conversations.length > 0 || earlier.awaited) actor.send({ type: "activation.resume", memory: earlier });
  isResumed = true;

  return {
    memory,
    send: (event) => actor.send(event),
    track,
    arrivals,
    saved: () => writer.flush(),
    stop() {
      stopWatching();
      told.unsubscribe();
      arrivals.stop();
      actor.stop();
    },
  };
}
