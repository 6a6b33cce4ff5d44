import type { HostConversation } from "../ports/hostConversation.ts";
import type { ImportedMessages } from "../imported/imported.ts";
import type { SyncArchive } from "../ports/syncArchive.ts";
import { readArrivals, removeArrivals, writeArrivals } from "./arrivalsNote.ts";
import type { TellBrought } from "../imported/createBringing.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { createTurns } from "../ports/createTurns.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { findBrought } from "../imported/findBrought.ts";
import { countHere, type Here, partsSince } from "../imported/historyParts.ts";
import { patientCall } from "../ports/patientCall.ts";

/** The wait before the first count, in milliseconds. It doubles while nothing grows. */
const firstDelayMs = 5_000;

/** The longest wait, in milliseconds: an import that shows nothing for so long is over. */
const longestDelayMs = 1_280_000;

/** How long a client may take to count everything, in milliseconds. */
const countLimitMs = 120_000;

/** Who hears what the SDK has imported. While a restore runs, the restore tells what is new. */
export type ArrivalListener = { tell: TellBrought; isRestoring(): boolean };

/** Tells what the SDK imports after a request for history. */
export type Arrivals = {
  /** Counts what is here, and notes that in the journal: history is about to be asked for. Never throws unless it is aborted. */
  expect(listed: readonly HostConversation[], options: CallOptions): Promise<void>;
  /** The client knows these offers. With a new one an import begins inside the SDK. */
  see(offers: readonly SyncArchive[], askedAtMs: number): void;
  /** Tells now what has arrived up to now. Never throws. */
  flush(): Promise<void>;
  /** Tells nothing until the returned function is called. */
  pause(): () => void;
  /** Another import has reported these messages already. */
  discount(told: readonly ImportedMessages[]): void;
  /** Nothing is awaited any more. */
  end(): void;
  stop(): void;
};

/**
 * Tells which conversations the SDK has filled after a request for history.
 *
 * Such an import is silent (docs/sdk-facts.md#history-arrives-silently). The SDK lists the offer first, and then adds messages in
 * steps. So each new offer starts a row of counts, in waits that double. Two equal counts end one report.
 */
export function createArrivals(
  { host, journal, clock }: Pick<Dependencies, "host" | "journal" | "clock">,
  { tell, isRestoring }: ArrivalListener,
): Arrivals {
  const seen = new Set<string>();
  const patientLook = patientCall(clock, countLimitMs, "count what has arrived", look);
  const patientFlush = patientCall(clock, countLimitMs, "count what has arrived", flush);
  const controller = new AbortController();
  let known: Map<string, number | undefined> | undefined;
  let counted: Here | undefined;
  let endMs = 0;
  let delayMs = firstDelayMs;
  let timer: unknown;
  let pauses = 0;
  let isWatching = false;
  let isStopped = false;
  const turns = createTurns<"look">();

  function isImporting(): boolean {
    return pauses > 0 || isRestoring();
  }

  /** What fails says nothing: the next look tries again. */
  function inTurn(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    return turns("look", () => task(controller.signal)).catch(() => undefined);
  }

  function rest(): void {
    clock.clearTimeout(timer);
    isWatching = !isStopped && delayMs <= longestDelayMs;
    if (isWatching) timer = clock.setTimeout(() => void inTurn(lookOnce), delayMs);
  }

  async function lookOnce(signal: AbortSignal): Promise<void> {
    if (!isWatching) return;
    await patientLook(signal).catch(() => (delayMs *= 2));
    if (isWatching) rest();
  }

  async function look(signal: AbortSignal): Promise<void> {
    if (isImporting()) return;
    const { listed, now } = await count(signal);
    const hasGrown = !isSameCount(counted ?? known ?? now, now);
    counted = now;
    if (!hasGrown) await tellGrowth(listed, now, signal);
    delayMs = hasGrown ? firstDelayMs : delayMs * 2;
  }

  async function flush(signal: AbortSignal): Promise<void> {
    const { listed, now } = await count(signal);
    await tellGrowth(listed, now, signal);
  }

  async function count(signal: AbortSignal): Promise<{ listed: HostConversation[]; now: Here }> {
    known ??= await readArrivals(journal);
    const listed = await host.listConversations({ signal });
    return { listed, now: await countHere(host, listed, { signal, range: untilMs(endMs) }) };
  }

  async function tellGrowth(listed: readonly HostConversation[], now: Here, signal: AbortSignal): Promise<void> {
    const before = known;
    if (!before || isImporting()) return;
    const activeIds = new Set(listed.flatMap(({ id, isActive }) => (isActive ? [id] : [])));
    const parts = partsSince(before, listed).filter(({ ids, wasHere, before: earlier }) => {
      const messages = ids.map((id) => now.get(id)).find((each) => each !== undefined);
      // A stream tells an active conversation without history.
      return wasHere ? messages !== earlier : messages !== 0 || !ids.some((id) => activeIds.has(id));
    });
    if (parts.length === 0) return;
    const { endNs } = untilMs(endMs);
    const counts = new Map([...now].flatMap(([id, messages]) => (messages === undefined ? [] : [[id, messages] as const])));
    const listedIds = new Set(listed.map(({ id }) => id));
    const brought = await findBrought(
      host,
      parts.map((part) => ({ ...part, endNs })),
      { signal, counts, listedIds },
    );
    // Anything that could not be counted now is reported once it can be.
    for (const [id, messages] of now) if (messages !== undefined) before.set(id, messages);
    if (brought.length > 0) tell(brought);
    if (known === before) await writeArrivals(journal, before);
  }

  return {
    async expect(listed, options) {
      const range = untilMs(clock.now());
      await inTurn(async (signal) => {
        if (isWatching) await patientFlush(signal).catch(() => undefined);
        const countNow = patientCall(clock, countLimitMs, "count what is here", (until) =>
          countHere(host, listed, { signal: until, range }),
        );
        known = new Map(await countNow(options.signal ?? signal));
        counted = undefined;
        await writeArrivals(journal, known);
      });
      options.signal?.throwIfAborted();
    },
    see(offers, askedAtMs) {
      const news = offers.filter((offer) => !seen.has(nameOf(offer)));
      if (news.length === 0) return;
      for (const offer of news) seen.add(nameOf(offer));
      // The clock of another installation may be behind.
      endMs = Math.max(endMs, askedAtMs, ...news.map(({ exportedAtMs }) => exportedAtMs));
      delayMs = firstDelayMs;
      rest();
    },
    flush: () => inTurn(async (signal) => (isWatching ? patientFlush(signal) : undefined)),
    pause() {
      pauses += 1;
      return () => (pauses -= 1);
    },
    discount(told) {
      void inTurn(async () => {
        known ??= await readArrivals(journal);
        if (!known) return;
        for (const { id, importedIds, messages } of told) {
          for (const each of new Set([id, ...importedIds])) known.set(each, (known.get(each) ?? 0) + messages);
        }
        await writeArrivals(journal, known);
      });
    },
    end() {
      clock.clearTimeout(timer);
      isWatching = false;
      known = undefined;
      counted = undefined;
      void inTurn(() => removeArrivals(journal));
    },
    stop() {
      isStopped = true;
      isWatching = false;
      clock.clearTimeout(timer);
      controller.abort();
    },
  };
}

/** Messages that are sent after this time, in milliseconds since 1970, arrive by the streams. */
function untilMs(endMs: number): { endNs: bigint } {
  return { endNs: BigInt(endMs + 1) * 1_000_000n };
}

function nameOf({ installationId, exportedAtMs, pin }: SyncArchive): string {
  return `${installationId} ${exportedAtMs} ${pin}`;
}

function isSameCount(one: Here, other: Here): boolean {
  return one.size === other.size && [...one].every(([id, messages]) => other.get(id) === messages);
}
