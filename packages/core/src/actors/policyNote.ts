import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { isPolicyMemory, type PolicyMemory } from "../policy/policyMemory.ts";

const noteName = "policy";

/** Keeps what the policy must know after a restart. */
export function writePolicyMemory(journal: Journal, memory: PolicyMemory, options?: CallOptions): Promise<void> {
  return journal.write(noteName, memory, options);
}

export async function readPolicyMemory(journal: Journal, options?: CallOptions): Promise<PolicyMemory | undefined> {
  const note: unknown = await journal.read(noteName, options);
  return isPolicyMemory(note) ? note : undefined;
}
