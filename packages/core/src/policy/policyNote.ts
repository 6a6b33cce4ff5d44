import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { isPolicyMemory, type PolicyMemory } from "./rules/policyMemory.ts";
import { policyNoteVersion } from "../retention/damagedNote.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

const policyNote = versionedNote<PolicyMemory>("policy", policyNoteVersion, isPolicyMemory);

/** Keeps what the policy must know after a restart. */
export function writePolicyMemory(journal: Journal, memory: PolicyMemory, options?: CallOptions): Promise<void> {
  return policyNote.write(journal, memory, options);
}

export async function readPolicyMemory(journal: Journal, options?: CallOptions): Promise<PolicyMemory | undefined> {
  const note = await policyNote.read(journal, options);
  return note && inPresentWords(note);
}

/** Version 0.1.0 called a verification a drill. */
function inPresentWords({ lastDrillMs, ...memory }: PolicyMemory & { lastDrillMs?: number }): PolicyMemory {
  return lastDrillMs === undefined ? memory : { lastVerificationMs: lastDrillMs, ...memory };
}
