import type { IncomingMessage, ServerResponse } from "node:http";
import { listen } from "../loopback.ts";
import { createDriveUploads } from "./driveUploads.ts";
import { answer, type DriveState, params, readAll, refuse, type StoredFile } from "./driveState.ts";

/**
 * A server that replays what is published of Google Drive's protocol (v3): files of the app's folder, lists by pages, ids made beforehand, multipart and
 * resumable uploads, the storage quota. Strict: what the reference does not know is refused. It is none of Google's.
 */
export async function startDriveServer() {
  const state: DriveState = {
    files: new Map(),
    ids: new Set(),
    limitBytes: 100_000_000,
    tokens: new Set(["good"]),
    clock: Date.now(),
    pageSizes: [],
  };
  const uploads = createDriveUploads(state);
  const { url, close } = await listen((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? "/", `http://${request.headers.host}`);
    if (!state.tokens.has((request.headers.authorization ?? "").replace("Bearer ", ""))) {
      await readAll(request);
      return refuse(response, 401, "authError");
    }
    if (address.pathname.startsWith("/upload/drive/v3/files")) return uploads(request, response, address);
    await readAll(request);
    const [, id] = /^\/drive\/v3\/files\/([\w-]+)$/.exec(address.pathname) ?? [];
    const route = `${request.method} ${id === undefined || id === "generateIds" ? address.pathname : "/drive/v3/files/{id}"}`;
    switch (route) {
      case "GET /drive/v3/about":
        params(address, { fields: /^storageQuota$/ });
        return answer(response, 200, {
          storageQuota: { ...(state.limitBytes !== undefined && { limit: String(state.limitBytes) }), usage: String(usedBytes(state)) },
        });
      case "GET /drive/v3/files/generateIds": {
        params(address, { count: /^1$/, space: /^appDataFolder$/ });
        const made = crypto.randomUUID();
        state.ids.add(made);
        return answer(response, 200, { kind: "drive#generatedIds", space: "appDataFolder", ids: [made] });
      }
      case "GET /drive/v3/files":
        return list(response, address);
      case "GET /drive/v3/files/{id}":
        params(address, { alt: /^media$/ });
        return content(request, response, state.files.get(id ?? ""));
      case "DELETE /drive/v3/files/{id}":
        if (!state.files.delete(id ?? "")) return refuse(response, 404, "notFound");
        return void response.writeHead(204).end();
      default:
        return refuse(response, 404, "notFound");
    }
  }

  function list(response: ServerResponse, address: URL): void {
    const {
      q = "",
      pageToken = "0",
      pageSize = "100",
    } = params(address, {
      spaces: /^appDataFolder$/,
      q: /^(name = '[\w.-]+' and )?trashed = false$/,
      pageSize: /^([1-9]\d{0,2}|1000)$/,
      pageToken: /^\d+$/,
      fields: /^nextPageToken,files\(id,name,createdTime,modifiedTime,size\)$/,
    });
    const [, name] = /name = '([^']+)'/.exec(q) ?? [];
    // Drive promises no order.
    const found = [...state.files.values()]
      .filter((file) => name === undefined || file.name === name)
      .sort((left, right) => left.id.localeCompare(right.id));
    const [start, size] = [Number(pageToken), Number(pageSize)];
    state.pageSizes.push(Math.min(size, found.length - start));
    const files = found.slice(start, start + size).map(({ id, name: own, createdTime, modifiedTime, bytes }) => ({
      id,
      name: own,
      createdTime,
      modifiedTime,
      size: String(bytes.length),
    }));
    answer(response, 200, { ...(start + size < found.length && { nextPageToken: String(start + size) }), files });
  }

  return { url, close, state };
}

function content(request: IncomingMessage, response: ServerResponse, file: StoredFile | undefined): void {
  if (!file) return refuse(response, 404, "notFound");
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  const headers = { "content-type": "application/octet-stream" };
  if (first === undefined) return void response.writeHead(200, { ...headers, "content-length": file.bytes.length }).end(file.bytes);
  const rest = file.bytes.subarray(Number(first));
  if (rest.length === 0) return refuse(response, 416, "requestedRangeNotSatisfiable");
  response
    .writeHead(206, {
      ...headers,
      "content-length": rest.length,
      "content-range": `bytes ${first}-${file.bytes.length - 1}/${file.bytes.length}`,
    })
    .end(rest);
}

function usedBytes({ files }: DriveState): number {
  return [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
}
