import type { LoadedPerson } from "../loaded/loadPerson.ts";
import { cpuSecondsOf } from "./cpuSecondsOf.ts";

/** How long the SDK's own list takes, in which the event loop answers nobody, in seconds. */
export async function sdkListSeconds(person: LoadedPerson, rounds: number): Promise<number[]> {
  const opened = await person.openLoaded();
  try {
    return Array.from({ length: rounds }, () => cpuSecondsOf(() => opened.client.conversations.listGroups({ limit: 1 })));
  } finally {
    await opened.dispose();
  }
}
