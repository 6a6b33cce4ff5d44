import { readArchive, writeArchive } from "@xmtp-backup/archive";
import { allElements, BackupError, generateArchiveKey, type HistorySync, type HostIdentity, toBackupError } from "@xmtp-backup/core";
import type { FakeHistoryServer, FakeOffer } from "./fakeHistoryServer.ts";
import type { FakeInbox } from "./fakeInbox.ts";
import { recordsOf, takeRecord } from "./fakeRecords.ts";

const dayMs = 86_400_000;

/** History sync of one fake installation; `pass` is run first by every method, under the name `historySync.<method>`. */
export function fakeHistorySync(
  server: FakeHistoryServer,
  { inboxId, installationId }: HostIdentity,
  inbox: FakeInbox,
  pass: (method: string, signal: AbortSignal | undefined) => Promise<void>,
): HistorySync {
  const isOther = (offer: FakeOffer) => offer.inboxId === inboxId && offer.installationId !== installationId;

  async function take({ archive, key }: FakeOffer): Promise<void> {
    try {
      for await (const record of readArchive(archive, key)) takeRecord(inbox, record, inboxId);
    } catch (error) {
      throw toBackupError(error, "HISTORY_SYNC_FAILED", "The fake SDK could not import what was offered.");
    }
  }

  return {
    async request({ signal, elements, excludeDisappearingMessages = false } = {}) {
      await pass("historySync.request", signal);
      for (const [id, other] of server.answering) {
        if (id === installationId || other.inboxId !== inboxId) continue;
        await other.send(crypto.randomUUID(), { ...(elements && { elements }), excludeDisappearingMessages });
        const answer = server.offers.at(-1);
        if (answer) await take(answer);
      }
    },
    async send(pin, { signal, elements = allElements, excludeDisappearingMessages = false } = {}) {
      await pass("historySync.send", signal);
      const key = generateArchiveKey();
      const bytes = writeArchive(recordsOf(inbox, { elements, excludeDisappearingMessages }, inboxId), key) as ReadableStream<
        Uint8Array<ArrayBuffer>
      >;
      const archive = await new Response(bytes).blob();
      server.offers.push({ pin, inboxId, installationId, exportedAtMs: server.now(), elements: [...elements], archive, key });
    },
    async list(days, { signal } = {}) {
      await pass("historySync.list", signal);
      return server.offers
        .toReversed()
        .filter((offer) => isOther(offer) && offer.exportedAtMs > server.now() - days * dayMs)
        .map((offer) => ({
          pin: offer.pin,
          exportedAtMs: offer.exportedAtMs,
          elements: offer.elements,
          installationId: offer.installationId,
        }));
    },
    async process(pin, { signal } = {}) {
      await pass("historySync.process", signal);
      const offer = server.offers.findLast((each) => isOther(each) && (pin === undefined || each.pin === pin));
      if (!offer) throw new BackupError("HISTORY_SYNC_FAILED", "No other installation has offered that history.");
      await take(offer);
    },
  };
}
