import { mkdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import { assertShape, BackupError, type OptionKind } from "@xmtp-backup/core";
import { toNodeHandler } from "srvx/node";
import { isDocumentName, isFingerprint, maxManifestBytes, protocolName, type ServerNote } from "../http/protocol.ts";
import { isArchiveId } from "../layout.ts";
import { allowOrigins, assertOrigin } from "./allowOrigins.ts";
import { answerDocument } from "./answerDocument.ts";
import { folderTimeMs } from "./folderTimeMs.ts";
import { isInboxName, isReservedName } from "./folderNames.ts";
import { createInboxes } from "./createInboxes.ts";
import { readBody } from "./readBody.ts";
import { sendArchive } from "./sendArchive.ts";
import { statusOfFailure } from "./statusOfFailure.ts";
import { SilentClient, withSteadyBody } from "./withSteadyBody.ts";
import { createUploads } from "./uploads.ts";

export type ArchiveServerOptions = {
  /** Where archives are kept, in a folder for each inbox; made when it is missing, for its owner alone. */
  directory: string;
  /**
   * Who asks: the inbox whose archives the request may read and write, or undefined to refuse it. A name has up to 128 characters, no slash and no
   * control character; two names that differ in anything are two inboxes. Another name is answered with 500: the request reaches no place.
   */
  authenticate: (request: Request) => string | undefined | Promise<string | undefined>;
  /** What one inbox may use, in bytes; each file counts at least 256. @default 10 GiB */
  quotaBytes?: number;
  /** How many files one inbox may have: an archive is two, an upload under way two more, a document one. @default 20_000 */
  maxFiles?: number;
  /** The largest archive, in bytes. @default the quota */
  maxArchiveBytes?: number;
  /** How long a client that sends something may send next to nothing, in milliseconds, before it is given up. @default 60_000 */
  timeoutMs?: number;
  /** Origins whose pages may ask, for example `https://app.example.com`. @default none */
  origins?: readonly string[];
  /** The path below which it answers, where it shares a server with others. @default "/" */
  path?: string;
};

export type ArchiveServer = {
  /** For servers that speak Request and Response. */
  fetch: (request: Request) => Promise<Response>;
  /** For `http.createServer` and what takes its handlers. */
  listener: RequestListener;
};

const statuses = { done: 204, conflict: 409, full: 507 } as const;
const shape = {
  directory: "text",
  authenticate: "function",
  quotaBytes: "number?",
  maxFiles: "number?",
  maxArchiveBytes: "number?",
  timeoutMs: "number?",
  origins: "texts?",
  path: "text?",
} as const satisfies Record<keyof ArchiveServerOptions, OptionKind>;
/** The longest time that timers know. */
const maxTimeoutMs = 2 ** 31 - 1;

/**
 * The server that `httpStore` talks to: archives in folders, one for each inbox, which sees and uses its own alone.
 *
 * It stores what it is given: archives and manifests are encrypted, and it holds no key. Files and folders that it makes are their owner's alone.
 *
 * @throws OPTIONS_INVALID when an option is missing, unknown or of another kind, when a limit is no number above 0, and when an origin is none
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createArchiveServer } from "@xmtp-backup/stores/server";
 *
 * declare function inboxOfToken(token: string | null): Promise<string | undefined>;
 *
 * const { listener } = createArchiveServer({
 *   directory: "./archives",
 *   authenticate: (request) => inboxOfToken(request.headers.get("authorization")),
 *   quotaBytes: 2 * 1024 ** 3,
 * });
 * createServer(listener).listen(8080);
 * ```
 */
export function createArchiveServer(options: ArchiveServerOptions): ArchiveServer {
  assertShape("createArchiveServer", options, shape);
  const { directory, authenticate, origins = [], path = "/", ...limits } = options;
  for (const origin of origins) assertOrigin(origin);
  const { quotaBytes = 10 * 1024 ** 3, maxArchiveBytes = quotaBytes, maxFiles = 20_000, timeoutMs = 60_000 } = limits;
  for (const [name, limit] of Object.entries({ quotaBytes, maxArchiveBytes, maxFiles, timeoutMs })) assertLimit(name, limit);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const inboxOf = createInboxes(directory, { bytes: quotaBytes, files: maxFiles });
  const uploads = createUploads({ directory, maxArchiveBytes });
  const base = path.replace(/\/*$/, "/");

  async function answer(given: Request): Promise<Response> {
    const url = new URL(given.url);
    if (given.method === "OPTIONS") return status(204);
    const name: unknown = await authenticate(given);
    if (name === undefined || name === null) return status(401);
    if (!isInboxName(name)) throw new Error("authenticate gave a name that is no inbox.");
    if (!`${url.pathname}/`.startsWith(base)) return status(404);
    const inbox = await inboxOf(name);
    const { archives } = inbox;
    const [room = "", id, part, ...more] = url.pathname.slice(base.length).split("/");
    const after = url.searchParams.get("after") ?? "";
    const request = withSteadyBody(given, Math.min(timeoutMs, maxTimeoutMs));

    if (room === "uploads" && id === undefined && request.method === "POST") return uploads.create(request, inbox);
    if (room === "uploads" && isArchiveId(id) && isFingerprint(part) && more.length === 0 && ["HEAD", "PATCH"].includes(request.method)) {
      return uploads.handle(request, inbox, { id, fingerprint: part });
    }
    if (id === undefined && request.method === "GET") {
      if (room === "archives") return Response.json(await archives.list(after));
      if (room === "unfinished") return Response.json({ ...(await archives.unfinished(after)), nowMs: await folderTimeMs(directory) });
      if (room === "")
        return Response.json({
          protocol: protocolName,
          usedBytes: await archives.usedBytes(),
          totalBytes: quotaBytes,
        } satisfies ServerNote);
    }
    if (room === "documents" && isDocumentName(id) && !isReservedName(id) && part === undefined)
      return answerDocument(request, archives, id);
    if (room !== "archives" || !isArchiveId(id) || more.length > 0) return status(404);
    switch (`${request.method} ${part ?? ""}`) {
      case "GET ": {
        const file = await archives.find(id);
        return file ? sendArchive(request, file) : status(404);
      }
      case "DELETE ":
        await archives.remove(id);
        await uploads.end(inbox, id);
        return status(204);
      case "PUT manifest": {
        const manifest = await readBody(request, maxManifestBytes);
        if (!manifest) return status(413);
        return status(statuses[await archives.putManifest(id, manifest)]);
      }
      default:
        return status(405);
    }
  }

  const fetch = async (request: Request) => allowOrigins(request, await answer(request).catch(failed), origins);
  return { fetch, listener: toNodeHandler(fetch) as RequestListener };
}

function status(code: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: code, headers });
}

/** The answer does not say what went wrong. A connection on which nothing more comes is closed. */
function failed(error: unknown): Response {
  return error instanceof SilentClient ? status(408, { Connection: "close" }) : status(statusOfFailure(error));
}

function assertLimit(name: string, limit: number): void {
  if (!(typeof limit === "number" && limit > 0))
    throw new BackupError("OPTIONS_INVALID", `${name} of the archive server is no number above 0.`);
}
