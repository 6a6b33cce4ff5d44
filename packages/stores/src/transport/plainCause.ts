/** What engines say of a connection that failed, without any data. */
const knownMessages = new Set([
  "fetch failed",
  "Failed to fetch",
  "Load failed",
  "NetworkError when attempting to fetch resource.",
  "terminated",
  "other side closed",
]);
/** Kinds of errors that engines and libraries make. */
const knownNames =
  /^(Abort|Aggregate|Backup|BodyTimeout|ConnectTimeout|Data|Detailed|HeadersTimeout|InvalidState|Network|NotReadable|Operation|QuotaExceeded|Range|Reference|Security|Socket|Syntax|Timeout|Type)?Error$/;
/** Codes of systems and engines: `ECONNRESET`, `UND_ERR_SOCKET`, `CERT_HAS_EXPIRED`. */
const knownCodes = /^(E[A-Z]{2,15}|(ERR|UND_ERR|CERT|CRL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|INVALID|HOSTNAME|HPE)_[A-Z_]{2,40})$/;
const deepest = 4;

/**
 * What is left of an error that something else made: its kind, its system's code, and the same of its causes.
 *
 * Engines, libraries and an app's own functions write addresses, headers and tokens into their messages and properties: none of that is kept.
 */
export function plainCause(error: unknown, depth = 0): Error | undefined {
  if (error === undefined || error === null || depth === deepest) return undefined;
  if (!(error instanceof Error)) return new Error("Something else than an error was thrown.");
  const code = "code" in error && typeof error.code === "string" && knownCodes.test(error.code) ? error.code : undefined;
  const message = knownMessages.has(error.message)
    ? error.message
    : (code ?? "Its message is left out: it may hold what nobody should read.");
  const cause = plainCause(error.cause, depth + 1);
  const plain = new Error(message, cause && { cause });
  if (knownNames.test(error.name)) plain.name = error.name;
  return code === undefined ? plain : Object.assign(plain, { code });
}
