import type { Host, MessageRange } from "../ports/host.ts";
import { countEach } from "./countEach.ts";
import { stitchedDms } from "./stitchedDms.ts";

/** What the client holds in a range, before any of it is exported. */
export type ClientSurvey = {
  /** Messages of each conversation, those of stitched DMs together; those without any are left out. */
  counts: ReadonlyMap<string, number>;
  /** Which DMs are counted with another one. */
  stitched: ReadonlyMap<string, string>;
  totalMessages: number;
  /** Those that can't be written here. */
  inactiveIds: ReadonlySet<string>;
  /** When the first conversation was created; 0 when there is none. */
  firstNs: bigint;
};

export const emptySurvey: ClientSurvey = { counts: new Map(), totalMessages: 0, stitched: new Map(), inactiveIds: new Set(), firstNs: 0n };

export async function surveyClient(host: Host, range: MessageRange, signal: AbortSignal): Promise<ClientSurvey> {
  const conversations = await host.listConversations({ signal });
  const stitched = stitchedDms(conversations);
  const ids = conversations.map(({ id }) => id).filter((id) => !stitched.has(id));
  const counts = await countEach(host, ids, range, { signal });
  let totalMessages = 0;
  for (const [id, messages] of counts) {
    totalMessages += messages;
    if (messages === 0) counts.delete(id);
  }
  const firstNs = conversations.reduce<bigint | undefined>((first, { createdAtNs }) => (first === undefined || createdAtNs < first ? createdAtNs : first), undefined);
  const inactiveIds = new Set(conversations.filter(({ isActive }) => !isActive).map(({ id }) => id));
  return { counts, stitched, totalMessages, inactiveIds, firstNs: firstNs ?? 0n };
}
