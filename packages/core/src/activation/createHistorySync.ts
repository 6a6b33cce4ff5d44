import type { TellBrought } from "../imported/createBringing.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { findBrought } from "../imported/findBrought.ts";
import { countHere, type Here, partsSince } from "../imported/historyParts.ts";
import { patientCall } from "../ports/patientCall.ts";
import { inProgress, lockName } from "../tasks/taskLock.ts";
import { assertOptions, callOptionNames, invalid } from "../errors/assertOptions.ts";
import { BackupError, isBackupError } from "../errors/backupError.ts";
import { allElements, type Element } from "../ports/element.ts";
import type { ImportedMessages } from "../imported/imported.ts";
import type { HostConversation } from "../ports/hostConversation.ts";
import type { SyncArchive } from "../ports/syncArchive.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { HistorySync, HistorySyncOptions } from "../ports/historySync.ts";
import type { Activation } from "./createActivation.ts";

/** How far back offers are looked for unless said otherwise, in days. */
export const offeredDays = 30;

/** How long the SDK may take to download and import, in milliseconds: it shows no progress (docs/sdk-facts.md#archive-calls). */
const processLimitMs = 600_000;

/** What history sync has brought. */
export type HistorySyncResult = {
  /** Conversations that were not there before. */
  newConversationIds: string[];
  /** Of all that the client has now, those that were not active before and are not yet. */
  inactiveConversationIds: string[];
  /**
   * What was not here before, messages that arrived meanwhile included. Where some of a conversation was here, the times are those of all
   * that it has now: nobody can look into what is offered.
   */
  imported: readonly ImportedMessages[];
};

/** History from the user's other installations, the other route beside archives; both bring conversations that are tracked. */
export type HistorySyncClient = {
  /**
   * Asks the user's other installations for their history.
   *
   * One that is online, with device sync on, answers automatically. The SDK then imports the answer within the next minutes. The plugin
   * tracks what arrives within a day, and `imported$` reports it.
   *
   * @throws HISTORY_SYNC_FAILED when the SDK or the history server fails
   * @throws HISTORY_SYNC_UNSUPPORTED when the host has no history sync
   */
  request(options?: HistorySyncOptions): Promise<void>;
  /**
   * Offers this installation's history to the user's others, under a pin that the user reads from one screen to the other.
   *
   * A new installation is certain to see it only if it made a `request` before: that makes it known to the others.
   *
   * @throws HISTORY_SYNC_FAILED when the SDK or the history server fails
   * @throws HISTORY_SYNC_UNSUPPORTED when the host has no history sync
   */
  send(pin: string, options?: HistorySyncOptions): Promise<void>;
  /**
   * What other installations have offered, newest first.
   *
   * @throws HISTORY_SYNC_FAILED when the SDK fails
   * @throws HISTORY_SYNC_UNSUPPORTED when the host has no history sync
   */
  available(options?: CallOptions & { days?: number }): Promise<SyncArchive[]>;
  /**
   * Imports what was offered under the pin, or the newest offer, and tracks what it brings.
   *
   * @throws HISTORY_SYNC_FAILED when there is no such offer, or the SDK or the server fails
   * @throws HISTORY_SYNC_UNSUPPORTED when the host has no history sync
   * @throws TASK_IN_PROGRESS while a backup or restore runs
   */
  process(pin?: string, options?: CallOptions): Promise<HistorySyncResult>;
};

export function createHistorySync(
  { host, lock, clock }: Dependencies,
  activation: Activation,
  isBusy: () => boolean,
  policy: () => { excludeDisappearingMessages: boolean },
  tell: TellBrought,
): HistorySyncClient {
  function port(): HistorySync {
    if (host.historySync) return host.historySync;
    throw new BackupError("HISTORY_SYNC_UNSUPPORTED", "This client's adapter has no history sync.");
  }

  function call<T>(options: CallOptions, run: (historySync: HistorySync) => Promise<T>): Promise<T> {
    return callPort(options, "HISTORY_SYNC_FAILED", "History sync failed.", () => run(port()));
  }

  function asPolicySays({
    excludeDisappearingMessages = policy().excludeDisappearingMessages,
    ...options
  }: HistorySyncOptions): HistorySyncOptions {
    return { ...options, excludeDisappearingMessages };
  }

  /** Notes what is inactive now: whatever else is so later was brought by history sync. */
  async function awaitHistory(options: CallOptions): Promise<{ listed: HostConversation[]; inactive: Set<string> }> {
    await activation.resume();
    const before = await host.listConversations(options);
    const inactiveIds = before.filter(({ isActive }) => !isActive).map(({ id }) => id);
    activation.send({ type: "activation.await", awaited: { askedAtMs: clock.now(), inactiveIds } });
    await activation.saved();
    return { listed: before, inactive: new Set(inactiveIds) };
  }

  async function tellBrought(here: Here, listed: readonly HostConversation[]): Promise<ImportedMessages[]> {
    const brought = await findBrought(host, partsSince(here, listed), {
      signal: new AbortController().signal,
      listedIds: new Set(listed.map(({ id }) => id)),
    });
    if (brought.length > 0) tell(brought);
    return brought;
  }

  async function available(given: CallOptions & { days?: number } = {}): Promise<SyncArchive[]> {
    assertOptions("historySync.available", given, ["days", ...callOptionNames]);
    const { days = offeredDays, ...options } = given;
    if (typeof days !== "number" || !(days > 0)) throw invalid("days is a number of days above 0.");
    const offers = await call(options, (historySync) => historySync.list(days, options));
    return offers.sort((a, b) => b.exportedAtMs - a.exportedAtMs);
  }

  async function processOffer(pin: string | undefined, options: CallOptions): Promise<HistorySyncResult> {
    const offers = await available(options);
    const offer = pin === undefined ? offers[0] : offers.find((each) => each.pin === pin);
    if (!offer)
      throw new BackupError(
        "HISTORY_SYNC_FAILED",
        pin === undefined ? "No installation offers its history." : "Nothing is offered under this pin.",
      );
    const before = await awaitHistory(options);
    const arrivals = await activation.arrivals();
    await arrivals.flush();
    const resume = arrivals.pause();
    try {
      return await importOffer(offer, before, options);
    } finally {
      resume();
    }
  }

  async function importOffer(
    offer: SyncArchive,
    before: { listed: HostConversation[]; inactive: Set<string> },
    options: CallOptions,
  ): Promise<HistorySyncResult> {
    const { signal: until = new AbortController().signal } = options;
    const here = await countHere(host, before.listed, { signal: until });
    const patient = patientCall(clock, processLimitMs, "import what was offered", (signal) =>
      call({ signal }, (historySync) => historySync.process(offer.pin, { signal })),
    );
    await patient(until).catch(async (error: unknown) => {
      if (!until.aborted && isBackupError(error) && error.code === "HISTORY_SYNC_FAILED")
        await tellBrought(here, await host.listConversations()).catch(() => undefined);
      throw error;
    });
    const after = await host.listConversations();
    const conversations = after
      .filter(({ id, isActive }) => isActive || !before.inactive.has(id) || activation.get(id))
      .map(({ id }) => ({ id }));
    await activation.track({ endMs: offer.exportedAtMs, installationId: offer.installationId, conversations }, after);
    activation.send({ type: "activation.await", awaited: undefined });
    return {
      newConversationIds: after.filter(({ id }) => !here.has(id)).map(({ id }) => id),
      inactiveConversationIds: after.filter(({ id, isActive }) => !isActive && !before.inactive.has(id)).map(({ id }) => id),
      imported: await tellBrought(here, after),
    };
  }

  return {
    async request(options = {}) {
      assertSyncOptions("historySync.request", options);
      port();
      const { listed } = await awaitHistory(options);
      await (await activation.arrivals()).expect(listed, options);
      await call(options, (historySync) => historySync.request(asPolicySays(options)));
    },
    send: async (pin, options = {}) => {
      assertSyncOptions("historySync.send", options);
      assertPin(pin);
      await call(options, (historySync) => historySync.send(pin, asPolicySays(options)));
    },
    available,
    async process(pin, options = {}) {
      assertOptions("historySync.process", options, callOptionNames);
      if (pin !== undefined) assertPin(pin);
      port();
      if (isBusy()) throw inProgress();
      const { inboxId } = await host.identity(options);
      const unlock = await lock.tryAcquire(lockName(inboxId), options);
      if (!unlock) throw inProgress();
      try {
        return await processOffer(pin, options);
      } finally {
        await unlock();
      }
    },
  };
}

function assertSyncOptions(call: string, options: HistorySyncOptions): void {
  assertOptions(call, options, ["elements", "excludeDisappearingMessages", ...callOptionNames]);
  const { elements = allElements, excludeDisappearingMessages = false } = options;
  if (typeof excludeDisappearingMessages !== "boolean") throw invalid("excludeDisappearingMessages is true or false.");
  if (!Array.isArray(elements) || elements.length === 0 || !elements.every((each) => allElements.includes(each as Element))) {
    throw invalid("elements is a list of messages, consent or both.");
  }
}

function assertPin(pin: unknown): void {
  if (typeof pin !== "string" || pin.trim() === "") throw invalid("A pin is text of at least one character.");
}
