import type { Consent, HostConversation } from "../ports/hostConversation.ts";
import type { SyncArchive } from "../ports/syncArchive.ts";
import type { Host, HostIdentity } from "../ports/host.ts";
import type { ActivationMemory } from "./rules/activationMemory.ts";
import type { FoundLook, RecreateOutcome } from "./rules/activationSteps.ts";
import { isOpen } from "./rules/trackConversations.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import { firstInRow } from "../logging/firstInRow.ts";
import { holdAtActivation, restrainedConsents } from "./holdAtActivation.ts";
import { patientCall } from "../ports/patientCall.ts";
import { recreateDm } from "./recreateDm.ts";

/** How long a client may take, in milliseconds: then the rest goes on without its answer. */
const limits = { identity: 10_000, sync: 30_000, list: 60_000, backfill: 30_000 } as const;

export type ClientEffects = {
  /** Syncs and lists what is tracked; whatever of it fails or hangs is left out. */
  look(memory: ActivationMemory, signal: AbortSignal): Promise<FoundLook>;
  /** Fetches the messages that a stream missed. */
  backfill(signal: AbortSignal): Promise<void>;
  /** Recreates a DM with a person, unless the user denied them. */
  recreate(peerInboxId: string, signal: AbortSignal): Promise<RecreateOutcome>;
};

/**
 * The effects of tracking restored conversations, none of which can hold the others up for ever.
 *
 * @param onOffers - hears what other installations offer, while history is awaited
 */
export function createClientEffects(
  { host, clock, log }: Pick<Dependencies, "host" | "clock" | "log">,
  onOffers: (offers: readonly SyncArchive[], askedAtMs: number) => void,
): ClientEffects {
  const identify = patientCall(clock, limits.identity, "say who it is", (signal) => host.identity({ signal }));
  const sync = patientCall(clock, limits.sync, "sync its conversations", (signal) => host.syncConversations({ signal }));
  const backfill = patientCall(clock, limits.backfill, "fetch its messages", (signal) => host.syncAll({ signal }));
  let asked: ActivationMemory = { conversations: [], notices: {} };
  const askConsents = patientCall(clock, limits.list, "tell consents", (signal) => restrainedConsents(host, asked, { signal }));
  const list = patientCall(clock, limits.list, "list its conversations", (signal) => listTracked(host, asked, signal));
  const hold = (before: ReadonlyMap<string, Consent>, listed: readonly HostConversation[]) =>
    patientCall(clock, limits.list, "note consents", (signal) => holdAtActivation(host, before, listed, { signal }));
  const fetchOffers = patientCall(
    clock,
    limits.sync,
    "look for offered history",
    async (signal) => (await host.historySync?.list(1, { signal })) ?? [],
  );
  let identity: HostIdentity | undefined;
  const tell = (error: unknown) => log("warn", failureEvent("tracking.failed", error));
  const looked = firstInRow(tell);
  const backfilled = firstInRow(tell);

  async function whose(signal: AbortSignal): Promise<HostIdentity> {
    return (identity ??= await identify(signal));
  }

  return {
    async look(memory, signal) {
      const startMs = clock.now();
      const failures: unknown[] = [];
      const missed = (error: unknown): undefined => {
        signal.throwIfAborted();
        failures.push(error);
      };
      identity ??= await identify(signal).catch(missed);
      if (!identity) {
        looked(failures);
        throw failures[0];
      }
      asked = memory;
      const before = await askConsents(signal).catch(missed);
      await sync(signal).catch(missed);
      // docs/sdk-facts.md#history-arrives-silently
      const offers = memory.awaited && (await fetchOffers(signal).catch(missed));
      if (memory.awaited && offers) onOffers(offers, memory.awaited.askedAtMs);
      const found = await list(signal).catch(missed);
      // What the user denied is never shown as active before it is denied once more.
      const listed = found && (await hold(before ?? consentsOf(memory), found)(signal).catch(missed));
      looked(failures);
      return {
        nowMs: clock.now(),
        tookMs: clock.now() - startMs,
        ownInboxId: identity.inboxId,
        ownInstallationId: identity.installationId,
        ...(listed && { listed }),
      };
    },
    async backfill(signal) {
      const failures: unknown[] = [];
      try {
        await backfill(signal);
      } catch (error) {
        signal.throwIfAborted();
        failures.push(error);
        throw error;
      } finally {
        if (!signal.aborted) backfilled(failures);
      }
    },
    recreate: recreateDm({ host, clock }, whose),
  };
}

function consentsOf({ conversations }: ActivationMemory): Map<string, Consent> {
  return new Map(conversations.flatMap((each) => (isOpen(each) ? [[each.id, each.consent] as const] : [])));
}

/**
 * What is not active yet and the new DMs with its people; while history is awaited, whatever else is inactive too.
 *
 * An active DM counts as the new one of a person only if the host gives it for that person. A DM that was left half made reaches nobody,
 * which a list of everything does not show.
 */
async function listTracked(host: Host, { conversations, awaited }: ActivationMemory, signal: AbortSignal): Promise<HostConversation[]> {
  const open = conversations.filter((each) => isOpen(each) || (each.status === "active" && each.activeId !== each.id && !each.isRejoined));
  const ids = open.map(({ id }) => id);
  const peerInboxIds = open.flatMap(({ status, peerInboxId }) => (status === "active" || peerInboxId === undefined ? [] : [peerInboxId]));
  if (!awaited) return host.listConversations({ signal, ids, peerInboxIds });
  const tracked = new Set(ids);
  const all = await host.listConversations({ signal });
  return [...all.filter(({ id, isActive }) => !isActive || tracked.has(id)), ...(await host.listConversations({ signal, peerInboxIds }))];
}
