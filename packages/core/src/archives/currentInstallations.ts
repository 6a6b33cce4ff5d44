import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { patientCall } from "../ports/patientCall.ts";

/** How long the network may take to answer, in milliseconds: then nothing is known. */
const limitMs = 10_000;

/** The installations of the inbox, as the network says now; undefined when it can't be asked or names none, which decides nothing. */
export async function currentInstallations(
  { host, clock }: Pick<Dependencies, "host" | "clock">,
  { signal = new AbortController().signal }: CallOptions = {},
): Promise<string[] | undefined> {
  const list = patientCall(clock, limitMs, "list the installations of its inbox", (inner) => host.listInstallations({ signal: inner }));
  try {
    const ids = (await list(signal)).map(({ id }) => id);
    return ids.length > 0 ? ids : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
