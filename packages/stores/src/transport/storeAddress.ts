import { BackupError } from "@xmtp-backup/core";

/**
 * Where a store's server is, ending in a slash. No text of it is in an error: an address may hold what nobody should read.
 *
 * @throws OPTIONS_INVALID when it is none of HTTP, holds a user, a query or a fragment, or is not `https` and neither loopback nor `allowInsecure`
 */
export function storeAddress(base: string, allowInsecure: boolean): URL {
  const url = typeof base === "string" && URL.canParse(base) ? new URL(base) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw invalid("The store's url is no address of HTTP.");
  if (url.username !== "" || url.password !== "") throw invalid("The store's url holds a user or a password. Pass them by credentials.");
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(base))
    throw invalid("The store's url holds a query or a fragment, which no request would keep.");
  if (url.protocol === "http:" && allowInsecure !== true && !isLoopback(url.hostname)) {
    throw invalid(
      "The store's url is not https: anybody on the way could read and change what is sent. Use https, or insist with allowInsecure.",
    );
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/** Whether a host is this machine itself. */
function isLoopback(hostname: string): boolean {
  return /^([\w-]+\.)*localhost\.?$/.test(hostname) || /^127(\.\d+){3}$/.test(hostname) || hostname === "[::1]";
}

function invalid(message: string): BackupError {
  return new BackupError("OPTIONS_INVALID", message);
}
