import { BackupError } from "@xmtp-backup/core";

const longestChain = 5;

/** The host to stay on, and the statuses that are answers. */
type Route = { origin: string; expects: readonly number[] };

/**
 * Requests an address and follows redirects that stay on `origin`, with the same method and body, as 307 and 308 say.
 *
 * A redirect to elsewhere is refused before anything is sent there. A page can't see where a redirect leads, so that there every one is refused.
 */
export async function followRedirects(
  fetch: typeof globalThis.fetch,
  url: URL,
  init: RequestInit,
  { origin, expects }: Route,
): Promise<Response> {
  // A page hides 308 in any other mode, although where it leads nowhere (Drive's resumable uploads) it is an answer.
  if (expects.includes(308) && !("process" in globalThis)) {
    const response = await fetch(url, init);
    if (response.redirected) throw refused("It answered with a redirect, which a page can't follow safely.");
    return response;
  }
  let target = url;
  for (let hops = 0; hops <= longestChain; hops++) {
    if (target.origin !== origin) throw refused("It leads to another host.");
    if (target.username !== "" || target.password !== "") throw refused("It leads to an address that names a user.");
    const response = await fetch(target, { ...init, redirect: "manual" });
    if (response.type === "opaqueredirect") throw refused("It answered with a redirect, which a page can't follow safely.");
    const location = [301, 302, 303, 307, 308].includes(response.status) && response.headers.get("location");
    if (!location) return response;
    await response.body?.cancel();
    if (!URL.canParse(location, target.href)) throw refused("It redirects to an address that is none.");
    target = new URL(location, target);
  }
  throw refused("It redirects in circles.");
}

function refused(details: string): BackupError {
  return new BackupError("STORE_UNAVAILABLE", "The server's answer was refused.", { details });
}
