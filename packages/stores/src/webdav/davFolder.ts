import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { inTurns } from "../inTurns.ts";
import { asStored } from "../transport/entityTags.ts";
import { readDocumentBody } from "../transport/readBounded.ts";
import { serverTimeMs } from "../transport/serverTime.ts";
import type { Transport } from "../transport/transport.ts";
import { type DavResource, lastOf, nameIn, readMultistatus } from "./readMultistatus.ts";

const properties = ["resourcetype", "getcontentlength", "getlastmodified", "quota-used-bytes", "quota-available-bytes"];
const asking = (prop: string) => `<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>${prop}</prop></propfind>`;
const forFiles = asking(`${properties.map((name) => `<${name}/>`).join("")}<upload_time xmlns="http://nextcloud.org/ns"/>`);
const forTag = asking("<getetag/>");

export type DavFile = { bytes: Uint8Array<ArrayBuffer>; etag: string | undefined };
export type NamedResource = DavResource & { name: string };
export type DavFolder = ReturnType<typeof davFolder>;

/** The calls of WebDAV that a store needs, each on files of the folder that the transport's address names. */
export function davFolder(transport: Transport) {
  const { base } = transport;
  const urlOf = (name: string) => new URL(encodeURIComponent(name), base).href;
  /** The folder as the server names it, where that is another address: something between may serve it elsewhere. */
  let inner: URL | undefined;

  async function propfindAt(
    url: string,
    depth: "0" | "1",
    { signal }: CallOptions,
    failure: string,
    { body = forFiles, onTime }: { body?: string; onTime?: ((nowMs: number) => void) | undefined } = {},
  ): Promise<DavResource[] | undefined> {
    const headers = { Depth: depth, "Content-Type": "application/xml" };
    return transport.send({ method: "PROPFIND", url, headers, body, signal, failure, expects: [404] }, async (reading) => {
      const nowMs = serverTimeMs(reading.response.headers);
      if (nowMs !== undefined) onTime?.(nowMs);
      return reading.response.status === 404 ? undefined : readMultistatus(reading, nameOf);
    });
  }

  const nameOf = (href: string) => nameIn(base, href) ?? (inner && nameIn(inner, href));

  /** The folder itself, or undefined when there is none. */
  async function look(options: CallOptions, failure: string): Promise<DavResource | undefined> {
    const found = await ownResource(options, failure);
    if (found && !found.isFolder) throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The address is no folder of WebDAV." });
    return found;
  }

  /** What the server says of the address of the folder. A single answer is of what was asked for, whatever address it has at the server. */
  async function ownResource(options: CallOptions, failure: string): Promise<DavResource | undefined> {
    const answers = await propfindAt(base.href, "0", options, failure);
    const found = answers?.find(({ name }) => name === "");
    if (found || answers?.length !== 1) return found;
    const [only] = answers;
    if (only?.isFolder && URL.canParse(only.href, base.href)) inner = new URL(only.href.replace(/\/*$/, "/"), base);
    return only;
  }

  /** Makes the folder, and those above it that are missing. */
  async function create({ signal }: CallOptions, failure: string, url = base, hasParent = false): Promise<void> {
    const parent = new URL("..", url);
    const status = await transport.send(
      { method: "MKCOL", url: url.href, signal, failure, expects: [405, 410] },
      async ({ response }) => response.status,
    );
    if (status !== 410) return;
    if (hasParent || parent.href === url.href)
      throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The folder can't be created there." });
    await create({ signal }, failure, parent);
    await create({ signal }, failure, url, true);
  }

  /** The files, whatever else the server names; `onTime` is called with the server's time, where it tells. */
  async function list(options: CallOptions, failure: string, onTime?: (nowMs: number) => void): Promise<NamedResource[]> {
    const found = await propfindAt(base.href, "1", options, failure, { onTime });
    if (!found) throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The folder is not there." });
    // A list names the folder too. Where it does not, the server knows the folder, and all in it, by another address.
    const isKnown = inner !== undefined || found.length === 0 || found.some(({ name }) => name === "");
    if (!isKnown) await ownResource(options, failure);
    const files: NamedResource[] = [];
    for await (const some of inTurns(found)) {
      for (const { name: known, ...each } of some) {
        const name = known ?? (isKnown ? undefined : nameOf(each.href));
        if (name !== undefined && name !== "" && !each.isFolder) files.push({ ...each, name });
      }
    }
    return files;
  }

  /** How large a file is, or undefined when there is none. */
  async function sizeOf(name: string, options: CallOptions, failure: string): Promise<number | undefined> {
    return (await propfindAt(urlOf(name), "0", options, failure))?.[0]?.size;
  }

  /** The tag that the server keeps for a file. */
  async function tagOf(name: string, options: CallOptions, failure: string): Promise<string | undefined> {
    return (await propfindAt(urlOf(name), "0", options, failure, { body: forTag }))?.[0]?.etag;
  }

  /** What lies in a folder elsewhere on the server, and how large it is; undefined when it is not there, or may not be seen. */
  async function listAt(url: string, { signal }: CallOptions, failure: string): Promise<{ name: string; size: number }[] | undefined> {
    const headers = { Depth: "1", "Content-Type": "application/xml" };
    return transport.send(
      { method: "PROPFIND", url, headers, body: forFiles, signal, failure, expects: [403, 404, 405, 501] },
      async (reading) => {
        if (!reading.response.ok) return undefined;
        return (await readMultistatus(reading, lastOf)).map(({ name = "", size }) => ({ name, size }));
      },
    );
  }

  async function read(name: string, { signal }: CallOptions, failure: string, readBody = readDocumentBody): Promise<DavFile | undefined> {
    return transport.send(
      { method: "GET", url: urlOf(name), headers: { ...asStored }, signal, failure, expects: [404] },
      async (reading) => {
        if (reading.response.status === 404) return undefined;
        return { bytes: await readBody(reading), etag: reading.response.headers.get("etag") ?? undefined };
      },
    );
  }

  /** Stores a file; says whether the condition in `headers` was met. */
  async function write(
    name: string,
    body: Blob | Uint8Array<ArrayBuffer>,
    { signal }: CallOptions,
    failure: string,
    headers: Record<string, string> = {},
  ): Promise<boolean> {
    return transport.send(
      { method: "PUT", url: urlOf(name), body, headers, signal, failure, expects: [412] },
      async ({ response }) => response.ok,
    );
  }

  /** Whether the server writes a missing file under a condition that such a file can't meet. The written file is removed again. */
  async function writesDespite(
    condition: Record<string, string>,
    name: string,
    { signal }: CallOptions,
    failure: string,
  ): Promise<boolean> {
    const request = {
      method: "PUT",
      url: urlOf(name),
      body: new Uint8Array(1),
      headers: condition,
      signal,
      failure,
      expects: [400, 403, 404, 405, 410, 411, 412, 415, 422, 501],
    };
    const isWritten = await transport.send(request, async ({ response }) => response.ok);
    if (isWritten) await remove(name, { signal }, failure);
    return isWritten;
  }

  async function remove(name: string, { signal }: CallOptions, failure: string): Promise<void> {
    await transport.send({ method: "DELETE", url: urlOf(name), signal, failure, expects: [404] }, async () => {});
  }

  /** The address of a file as the server names it, where that is known to be another. */
  const innerUrlOf = (name: string) => inner && new URL(encodeURIComponent(name), inner).href;

  return { transport, urlOf, innerUrlOf, look, create, list, listAt, sizeOf, tagOf, read, write, writesDespite, remove };
}
