import { BackupError } from "@xmtp-backup/core";

const allowed = {
  "Access-Control-Allow-Methods": "GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS",
  "Access-Control-Allow-Headers":
    "Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset",
  "Access-Control-Expose-Headers": "Content-Range, Date, ETag, Location, Retry-After, Tus-Resumable, Upload-Length, Upload-Offset",
  "Access-Control-Max-Age": "86400",
};

/** Lets pages of these origins read an answer, and of no others. */
export function allowOrigins(request: Request, response: Response, origins: readonly string[]): Response {
  const headers = new Headers(response.headers);
  for (const name of ["Access-Control-Allow-Origin", "Access-Control-Expose-Headers"]) headers.delete(name);
  headers.append("Vary", "Origin");
  // What it says is true for now, and for who asks.
  headers.set("Cache-Control", "no-store");
  const origin = request.headers.get("origin");
  if (origin !== null && origins.includes(origin)) {
    for (const [name, value] of Object.entries({ ...allowed, "Access-Control-Allow-Origin": origin })) headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}

/**
 * Refuses what no browser sends as an origin, which would let no page in: an address with a path, for example.
 *
 * @throws OPTIONS_INVALID when it is no origin
 */
export function assertOrigin(origin: string): void {
  const isWeb = /^https?:/i.test(origin);
  if (isWeb ? URL.canParse(origin) && new URL(origin).origin === origin : /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(origin)) return;
  throw new BackupError("OPTIONS_INVALID", `createArchiveServer: ${JSON.stringify(origin.slice(0, 100))} is no origin.`, {
    details: "An origin is a scheme, a host and a port that is not the usual one, such as https://app.example.com.",
  });
}
