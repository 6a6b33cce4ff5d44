import type { BrokenConversation } from "../ports/hostConversation.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import { countEach } from "../ports/countEach.ts";
import { stitchedDms } from "../ports/stitchedDms.ts";
import { allEnded } from "../tasks/allEnded.ts";

/** What the client holds in a range, before any of it is exported. */
export type ClientSurvey = {
  /** Every conversation that the client can read. */
  ids: readonly string[];
  /** Messages of each conversation, those of stitched DMs together; those without any are left out. */
  counts: ReadonlyMap<string, number>;
  /** Which DMs are counted with another one. */
  stitched: ReadonlyMap<string, string>;
  totalMessages: number;
  /** Those that can't be written here. */
  inactiveIds: ReadonlySet<string>;
  /** When each conversation was created, broken ones too; those of which the SDK does not tell are left out. */
  createdAtNs: ReadonlyMap<string, bigint>;
  /** When the first conversation was created; 0 when there is none. */
  firstNs: bigint;
  /** Those that the client can't read. */
  broken: readonly BrokenConversation[];
  /** Those whose messages the client can't count. */
  uncountedIds: ReadonlySet<string>;
};

export const emptySurvey: ClientSurvey = {
  ids: [],
  counts: new Map(),
  totalMessages: 0,
  stitched: new Map(),
  inactiveIds: new Set(),
  createdAtNs: new Map(),
  firstNs: 0n,
  broken: [],
  uncountedIds: new Set(),
};

/**
 * Lists and counts what the client holds. A conversation that can't be read or counted is noted, and does not stop the others.
 *
 * @param beside - what else is asked of the conversations that can be read, while they are counted
 *
 * @throws HOST_FAILED when nothing can be listed, or none of several conversations can be counted
 */
export async function surveyClient(
  host: Host,
  range: MessageRange,
  signal: AbortSignal,
  beside: (ids: readonly string[]) => Promise<unknown> = async () => undefined,
): Promise<ClientSurvey> {
  const broken: BrokenConversation[] = [];
  let counts = new Map<string, number>();
  const conversations = await host.listConversations({ signal, onBroken: (conversation) => broken.push(conversation) });
  const stitched = stitchedDms(conversations);
  // A stitched DM shows others' messages too (docs/sdk-facts.md#stitched-dms). A broken one can't be asked for its person.
  const brokenGroups = broken.flatMap(({ id, kind }) => (id !== undefined && kind === "group" ? [id] : []));
  const ids = conversations.map(({ id }) => id);
  const readable = ids.filter((id) => !stitched.has(id));
  const failures = new Map<string, unknown>();
  const onFailed = (id: string, error: unknown) => void failures.set(id, error);
  const count = async () => (counts = await countEach(host, [...readable, ...brokenGroups], range, { signal, onFailed }));
  await allEnded([count, () => beside(ids)]);
  if (readable.length > 1 && readable.every((id) => failures.has(id))) throw failures.get(readable[0] as string);
  let totalMessages = 0;
  for (const [id, messages] of counts) {
    totalMessages += messages;
    if (messages === 0) counts.delete(id);
  }
  return {
    ids,
    counts,
    stitched,
    totalMessages,
    inactiveIds: new Set(conversations.filter(({ isActive }) => !isActive).map(({ id }) => id)),
    createdAtNs: createdAtNsOf([...broken, ...conversations]),
    firstNs: earliest([...conversations, ...broken].map(({ createdAtNs }) => createdAtNs)),
    broken,
    uncountedIds: new Set(failures.keys()),
  };
}

/** 0 is what a host says of a conversation whose SDK does not tell. */
function createdAtNsOf(conversations: readonly BrokenConversation[]): Map<string, bigint> {
  return new Map(conversations.flatMap(({ id, createdAtNs = 0n }) => (id !== undefined && createdAtNs > 0n ? [[id, createdAtNs]] : [])));
}

function earliest(times: readonly (bigint | undefined)[]): bigint {
  const known = times.filter((timeNs) => timeNs !== undefined);
  return known.reduce<bigint | undefined>((first, timeNs) => (first === undefined || timeNs < first ? timeNs : first), undefined) ?? 0n;
}
