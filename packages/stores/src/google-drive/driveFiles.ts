import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { asStored } from "../transport/entityTags.ts";
import { readDocumentBody, readJson } from "../transport/readBounded.ts";
import { serverTimeMs } from "../transport/serverTime.ts";
import type { Transport, TransportRequest } from "../transport/transport.ts";

/** A page of a thousand files with the few fields that are asked for. */
const maxPageBytes = 4 * 1024 * 1024;
const fileFields = "id,name,createdTime,modifiedTime,size";

/** A file of the app's own folder; several may have the same name. */
export type DriveFile = { id: string; name: string; createdTime: string; modifiedTime: string; size?: string };
export type DriveFiles = ReturnType<typeof driveFiles>;

/** The calls of Drive v3 that a store needs, each on files of the hidden folder that Drive keeps for the app. */
export function driveFiles(transport: Transport) {
  const ask = <T>(request: Omit<TransportRequest, "method"> & { method?: string }, check: (value: unknown) => value is T) =>
    transport.send({ method: "GET", ...request }, (reading) => readJson(reading, maxPageBytes, check));

  /** Every file, or those of one name, the earliest first; `onTime` is called with Drive's time, where it tells. */
  async function list(
    name: string | undefined,
    { signal }: CallOptions,
    failure: string,
    onTime?: (nowMs: number) => void,
  ): Promise<DriveFile[]> {
    const found: DriveFile[] = [];
    const seen = new Set<string>();
    let token: string | undefined;
    do {
      const query = new URLSearchParams({ spaces: "appDataFolder", pageSize: "1000", fields: `nextPageToken,files(${fileFields})` });
      query.set("q", name === undefined ? "trashed = false" : `name = '${name}' and trashed = false`);
      if (token !== undefined) query.set("pageToken", token);
      const request = { method: "GET", url: `drive/v3/files?${query.toString()}`, signal, failure };
      const page = await transport.send(request, (reading) => {
        const nowMs = serverTimeMs(reading.response.headers);
        if (nowMs !== undefined) onTime?.(nowMs);
        return readJson(reading, maxPageBytes, isPage);
      });
      found.push(...page.files);
      token = page.nextPageToken;
      if (token !== undefined && seen.has(token))
        throw new BackupError("STORE_FAILED", failure, { details: "The server's pages go in circles." });
      if (token !== undefined) seen.add(token);
    } while (token !== undefined);
    return found.sort(byAge);
  }

  /** An id for a file that is yet to be made: a second attempt to make it makes no second file. */
  async function newId({ signal }: CallOptions, failure: string): Promise<string> {
    const { ids } = await ask({ url: "drive/v3/files/generateIds?count=1&space=appDataFolder", signal, failure }, hasIds);
    const [id] = ids;
    if (id === undefined) throw new BackupError("STORE_FAILED", failure, { details: "The server gave no id." });
    return id;
  }

  /** Makes a small file, whole or not at all, and gives its id. */
  async function create(name: string, bytes: Uint8Array<ArrayBuffer>, { signal }: CallOptions, failure: string): Promise<string> {
    const id = await newId({ signal }, failure);
    const boundary = `xmtp-backup-${crypto.randomUUID()}`;
    const metadata = JSON.stringify({ id, name, parents: ["appDataFolder"] });
    const part = (type: string) => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n`;
    const body = new Blob([
      part("application/json; charset=UTF-8"),
      metadata,
      "\r\n",
      part("application/octet-stream"),
      bytes,
      `\r\n--${boundary}--`,
    ]);
    const headers = { "Content-Type": `multipart/related; boundary=${boundary}` };
    // 409: the first attempt made it, and its answer was lost.
    await transport.send(
      { method: "POST", url: "upload/drive/v3/files?uploadType=multipart&fields=id", headers, body, signal, failure, expects: [409] },
      async () => {},
    );
    return id;
  }

  /** Replaces the content of a small file, whole or not at all. */
  async function update(id: string, bytes: Uint8Array<ArrayBuffer>, { signal }: CallOptions, failure: string): Promise<void> {
    const headers = { "Content-Type": "application/octet-stream" };
    await transport.send(
      { method: "PATCH", url: `upload/drive/v3/files/${id}?uploadType=media&fields=id`, headers, body: bytes, signal, failure },
      async () => {},
    );
  }

  async function read(
    id: string,
    { signal }: CallOptions,
    failure: string,
    readBody = readDocumentBody,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return transport.send(
      { method: "GET", url: contentUrl(id), headers: { ...asStored }, signal, failure, expects: [404] },
      async (reading) => (reading.response.status === 404 ? undefined : readBody(reading)),
    );
  }

  /** Deletes a file for good: it does not go into the bin. */
  async function remove(id: string, { signal }: CallOptions, failure: string): Promise<void> {
    await transport.send({ method: "DELETE", url: `drive/v3/files/${id}`, signal, failure, expects: [404] }, async () => {});
  }

  async function quota({ signal }: CallOptions, failure: string): Promise<{ limit?: string; usage: string }> {
    return (await ask({ url: "drive/v3/about?fields=storageQuota", signal, failure }, isAbout)).storageQuota;
  }

  return { transport, list, newId, create, update, read, remove, quota };
}

export function contentUrl(id: string): string {
  return `drive/v3/files/${id}?alt=media`;
}

function byAge(left: DriveFile, right: DriveFile): number {
  return left.createdTime.localeCompare(right.createdTime) || left.id.localeCompare(right.id);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Ids become part of addresses. */
function isId(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]+$/.test(value);
}

/** Drive writes numbers of 64 bits as text. */
function isCount(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,16}$/.test(value);
}

function isPage(value: unknown): value is { files: DriveFile[]; nextPageToken?: string } {
  if (!isRecord(value) || !Array.isArray(value["files"]) || !["string", "undefined"].includes(typeof value["nextPageToken"])) return false;
  return value["files"].every(
    (file: unknown) =>
      isRecord(file) && isId(file["id"]) && ["name", "createdTime", "modifiedTime"].every((field) => typeof file[field] === "string"),
  );
}

function hasIds(value: unknown): value is { ids: string[] } {
  return isRecord(value) && Array.isArray(value["ids"]) && value["ids"].every(isId);
}

function isAbout(value: unknown): value is { storageQuota: { limit?: string; usage: string } } {
  const quota = isRecord(value) ? value["storageQuota"] : undefined;
  return isRecord(quota) && isCount(quota["usage"]) && (quota["limit"] === undefined || isCount(quota["limit"]));
}
