import type { Host, MessageRange } from "../ports/host.ts";

/** What the client holds in a range, before any of it is exported. */
export type ClientSurvey = {
  /** Messages of each conversation; those without any are left out. */
  counts: ReadonlyMap<string, number>;
  totalMessages: number;
  /** When the first conversation was created; 0 when there is none. */
  firstNs: bigint;
};

export const emptySurvey: ClientSurvey = { counts: new Map(), totalMessages: 0, firstNs: 0n };

export async function surveyClient(host: Host, range: MessageRange, signal: AbortSignal): Promise<ClientSurvey> {
  const counts = new Map<string, number>();
  let totalMessages = 0;
  let firstNs: bigint | undefined;
  for (const { id, createdAtNs } of await host.listConversations({ signal })) {
    if (firstNs === undefined || createdAtNs < firstNs) firstNs = createdAtNs;
    const messages = await host.countMessages(id, range, { signal });
    if (messages > 0) counts.set(id, messages);
    totalMessages += messages;
  }
  return { counts, totalMessages, firstNs: firstNs ?? 0n };
}
