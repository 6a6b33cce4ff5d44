import type { HostConversation } from "../ports/hostConversation.ts";
import type { Host } from "../ports/host.ts";

/** How many people are asked for at a time. */
const atOnce = 8;

/**
 * Whom of an import's DMs the user has denied, by inbox id: a DM with them is listed as allowed all the same.
 *
 * A person who can't be looked up counts as allowed. Before a DM is recreated its person is looked up once more.
 */
export async function deniedPeople(host: Host, brought: readonly HostConversation[]): Promise<Set<string>> {
  const people = [...new Set(brought.flatMap(({ isActive, peerInboxId }) => (isActive || peerInboxId === undefined ? [] : [peerInboxId])))];
  const denied = new Set<string>();
  for (let from = 0; from < people.length; from += atOnce) {
    const some = people.slice(from, from + atOnce);
    const consents = await Promise.all(some.map((person) => host.consentOf(person).catch(() => undefined)));
    some.forEach((person, index) => consents[index] === "denied" && denied.add(person));
  }
  return denied;
}
