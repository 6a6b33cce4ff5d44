import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { readDocumentBody } from "../transport/readBounded.ts";
import { serverTimeMs } from "../transport/serverTime.ts";
import type { Transport } from "../transport/transport.ts";
import { type DavResource, readMultistatus } from "./readMultistatus.ts";

const properties = ["resourcetype", "getcontentlength", "getlastmodified", "quota-used-bytes", "quota-available-bytes"];
const propfind = `<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>${properties.map((name) => `<${name}/>`).join("")}<upload_time xmlns="http://nextcloud.org/ns"/></prop></propfind>`;

export type DavFile = { bytes: Uint8Array<ArrayBuffer>; etag: string | undefined };
export type DavFolder = ReturnType<typeof davFolder>;

/**
 * The status that a refusal of WebDAV really means: 409 is a folder that is missing, 423 a lock that goes again.
 * Source: RFC 4918, sections 9.7.1 and 11.3.
 */
export function statusOf({ status }: Response): number {
  if (status === 409) return 410;
  return status === 423 ? 503 : status;
}

/** The calls of WebDAV that a store needs, each on files of the folder that the transport's address names. */
export function davFolder(transport: Transport) {
  const { base } = transport;
  const urlOf = (name: string) => new URL(encodeURIComponent(name), base).href;

  async function propfindAt(url: string, depth: "0" | "1", { signal }: CallOptions, failure: string, onTime?: (nowMs: number) => void): Promise<DavResource[] | undefined> {
    const headers = { Depth: depth, "Content-Type": "application/xml" };
    return transport.send({ method: "PROPFIND", url, headers, body: propfind, signal, failure, expects: [404] }, async (reading) => {
      const nowMs = serverTimeMs(reading.response.headers);
      if (nowMs !== undefined) onTime?.(nowMs);
      return reading.response.status === 404 ? undefined : readMultistatus(reading, base);
    });
  }

  /** The folder itself, or undefined when there is none. */
  async function look(options: CallOptions, failure: string): Promise<DavResource | undefined> {
    const found = (await propfindAt(base.href, "0", options, failure))?.find(({ name }) => name === "");
    if (found && !found.isFolder) throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The address is no folder of WebDAV." });
    return found;
  }

  /** Makes the folder, and those above it that are missing. */
  async function create({ signal }: CallOptions, failure: string, url = base, hasParent = false): Promise<void> {
    const parent = new URL("..", url);
    const status = await transport.send({ method: "MKCOL", url: url.href, signal, failure, expects: [405, 410] }, async ({ response }) => response.status);
    if (status !== 410) return;
    if (hasParent || parent.href === url.href) throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The folder can't be created there." });
    await create({ signal }, failure, parent);
    await create({ signal }, failure, url, true);
  }

  /** The files; `onTime` is called with the server's time, where it tells. */
  async function list(options: CallOptions, failure: string, onTime?: (nowMs: number) => void): Promise<DavResource[]> {
    const found = await propfindAt(base.href, "1", options, failure, onTime);
    if (!found) throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The folder is not there." });
    return found.filter(({ name, isFolder }) => name !== "" && !isFolder);
  }

  /** How large a file is, or undefined when there is none. */
  async function sizeOf(name: string, options: CallOptions, failure: string): Promise<number | undefined> {
    return (await propfindAt(urlOf(name), "0", options, failure))?.[0]?.size;
  }

  async function read(name: string, { signal }: CallOptions, failure: string, readBody = readDocumentBody): Promise<DavFile | undefined> {
    return transport.send({ method: "GET", url: urlOf(name), signal, failure, expects: [404] }, async (reading) => {
      if (reading.response.status === 404) return undefined;
      return { bytes: await readBody(reading), etag: reading.response.headers.get("etag") ?? undefined };
    });
  }

  /** Stores a file; says whether the condition in `headers` was met. */
  async function write(name: string, body: Blob | Uint8Array<ArrayBuffer>, { signal }: CallOptions, failure: string, headers: Record<string, string> = {}): Promise<boolean> {
    return transport.send({ method: "PUT", url: urlOf(name), body, headers, signal, failure, expects: [412] }, async ({ response }) => response.ok);
  }

  /**
   * Asks once to give a file another name, in place of what has that name. Look for the file before you ask again: sabre/dav, rclone and
   * others remove what has that name first, and then find nothing that could take its place.
   */
  async function move(from: string, to: string, { signal }: CallOptions, failure: string): Promise<boolean> {
    const headers = { Destination: urlOf(to), Overwrite: "T" };
    return transport.exchange({ method: "MOVE", url: from, headers, signal, failure, expects: [404] }, async ({ response }) => response.ok);
  }

  async function remove(name: string, { signal }: CallOptions, failure: string): Promise<void> {
    await transport.send({ method: "DELETE", url: urlOf(name), signal, failure, expects: [404] }, async () => {});
  }

  return { transport, urlOf, look, create, list, sizeOf, read, write, move, remove };
}
