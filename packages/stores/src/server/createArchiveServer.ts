import type { RequestListener } from "node:http";
import { join } from "node:path";
import { toNodeHandler } from "srvx/node";
import { isDocumentName, maxManifestBytes, protocolName, type ServerNote } from "../http/protocol.ts";
import { isArchiveId } from "../layout.ts";
import { allowOrigins } from "./allowOrigins.ts";
import { answerDocument } from "./answerDocument.ts";
import { inboxArchives, type InboxArchives } from "./inboxArchives.ts";
import { readBody } from "./readBody.ts";
import { sendArchive } from "./sendArchive.ts";
import { createUploads } from "./uploads.ts";

export type ArchiveServerOptions = {
  /** Where archives are kept, in a folder for each inbox. */
  directory: string;
  /**
   * Who asks: the inbox whose archives the request may read and write, or undefined to refuse it. The name becomes that of a folder:
   * up to 128 letters, digits, dashes and underscores.
   */
  authenticate: (request: Request) => string | undefined | Promise<string | undefined>;
  /** What one inbox may use, in bytes. @default 10 GiB */
  quotaBytes?: number;
  /** The largest archive, in bytes. @default the quota */
  maxArchiveBytes?: number;
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
const inboxPattern = /^[\w-]{1,128}$/;

/**
 * The server that `httpStore` talks to: archives in folders, one for each inbox, which sees and uses its own alone.
 *
 * It stores what it is given: archives and manifests are encrypted, and it holds no key.
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
export function createArchiveServer({ directory, authenticate, origins = [], path = "/", ...limits }: ArchiveServerOptions): ArchiveServer {
  const { quotaBytes = 10 * 1024 ** 3, maxArchiveBytes = quotaBytes } = limits;
  const inboxes = new Map<string, InboxArchives>();
  const archivesOf = (inbox: string) => {
    const archives = inboxes.get(inbox) ?? inboxArchives(join(directory, inbox), quotaBytes);
    inboxes.set(inbox, archives);
    return archives;
  };
  const uploads = createUploads({ directory, maxArchiveBytes, archivesOf });
  const base = path.replace(/\/*$/, "/");

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (request.method === "OPTIONS") return status(204);
    const inbox = await authenticate(request);
    if (inbox === undefined) return status(401);
    if (!inboxPattern.test(inbox)) throw new Error("authenticate gave a name that is no inbox.");
    if (!`${url.pathname}/`.startsWith(base)) return status(404);
    const archives = archivesOf(inbox);
    const [room = "", id, part, ...more] = url.pathname.slice(base.length).split("/");
    const after = url.searchParams.get("after") ?? "";

    if (room === "uploads" && ["POST", "HEAD", "PATCH"].includes(request.method)) return uploads.handle(request, inbox);
    if (id === undefined && request.method === "GET") {
      if (room === "archives") return Response.json(await archives.list(after));
      if (room === "unfinished") return Response.json(await archives.unfinished(after));
      if (room === "") return Response.json({ protocol: protocolName, usedBytes: await archives.usedBytes(), totalBytes: quotaBytes } satisfies ServerNote);
    }
    if (room === "documents" && isDocumentName(id) && part === undefined) return answerDocument(request, archives, id);
    if (room !== "archives" || !isArchiveId(id) || more.length > 0) return status(404);
    switch (`${request.method} ${part ?? ""}`) {
      case "GET ": {
        const file = await archives.find(id);
        return file ? sendArchive(request, file) : status(404);
      }
      case "DELETE ":
        await archives.remove(id);
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

  const fetch = async (request: Request) => allowOrigins(request, await answer(request).catch(() => status(500)), origins);
  return { fetch, listener: toNodeHandler(fetch) as RequestListener };
}

function status(code: number): Response {
  return new Response(null, { status: code });
}
