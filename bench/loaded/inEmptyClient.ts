import type { Host } from "@xmtp-backup/core";
import { type Run, timed } from "../shared/timed.ts";
import type { LoadedPerson } from "./loadPerson.ts";
import type { OpenedClient } from "./openedClient.ts";

/** Times some work in a new copy of a client that holds nothing. */
export async function inEmptyClient(
  person: LoadedPerson,
  work: (opened: OpenedClient) => Promise<unknown>,
  around?: (host: Host) => Host,
): Promise<Run> {
  const opened = await person.openEmpty(around);
  try {
    return await timed(() => work(opened));
  } finally {
    await opened.dispose();
  }
}
