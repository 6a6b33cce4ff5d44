import type { Consent } from "../ports/hostConversation.ts";
import type { Decisions } from "../archives/decisions.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host } from "../ports/host.ts";

/** How many people the client is asked about at a time. */
const atOnce = 8;

/** What the client says about these conversations, as far as it has them, and about these people. */
export async function presentDecisions(
  host: Host,
  ids: readonly string[],
  people: readonly string[],
  { signal }: CallOptions,
): Promise<Decisions> {
  const listed = ids.length === 0 ? [] : await host.listConversations({ signal, ids });
  const consents: [string, Consent][] = [];
  for (let from = 0; from < people.length; from += atOnce) {
    const some = people.slice(from, from + atOnce);
    consents.push(
      ...(await Promise.all(some.map(async (person) => [person, await host.consentOf(person, { signal })] as [string, Consent]))),
    );
  }
  return { conversations: new Map(listed.map(({ id, consent }) => [id, consent])), people: new Map(consents) };
}
