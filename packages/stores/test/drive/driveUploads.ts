import type { IncomingMessage, ServerResponse } from "node:http";
import { answer, type DriveState, params, readAll, refuse, timeNow } from "./driveState.ts";

type Session = { id: string; name: string; size: number; bytes: Buffer };

const unit = 256 * 1024;

/** Drive's uploads: multipart, media, and resumable as its guide describes them. */
export function createDriveUploads(state: DriveState) {
  const sessions = new Map<string, Session>();

  function keep(response: ServerResponse, { id, name, parents }: { id: string; name: string; parents: unknown }, bytes: Buffer): void {
    if (JSON.stringify(parents) !== `["appDataFolder"]` || !state.ids.has(id)) return refuse(response, 400, "invalid");
    if (state.files.has(id)) return refuse(response, 409, "fileIdInUse");
    const used = [...state.files.values()].reduce((sum, file) => sum + file.bytes.length, 0);
    if (state.limitBytes !== undefined && used + bytes.length > state.limitBytes) return refuse(response, 403, "storageQuotaExceeded");
    const time = timeNow(state);
    state.files.set(id, { id, name, createdTime: time, modifiedTime: time, bytes });
    answer(response, 200, { id });
  }

  async function multipart(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, boundary] = /^multipart\/related; boundary=(\S+)$/.exec(request.headers["content-type"] ?? "") ?? [];
    if (boundary === undefined) return refuse(response, 400, "badContent");
    const text = (await readAll(request)).toString("latin1");
    const [, first = "", second = ""] = text.split(`--${boundary}`);
    const [metadata = "", content = ""] = [first, second].map((part) => part.slice(part.indexOf("\r\n\r\n") + 4, -2));
    keep(response, JSON.parse(metadata) as { id: string; name: string; parents: unknown }, Buffer.from(content, "latin1"));
  }

  async function begin(request: IncomingMessage, response: ServerResponse, address: URL): Promise<void> {
    const { id, name, parents } = JSON.parse((await readAll(request)).toString()) as { id: string; name: string; parents: unknown };
    if (JSON.stringify(parents) !== `["appDataFolder"]` || !state.ids.has(id)) return refuse(response, 400, "invalid");
    if (state.files.has(id)) return refuse(response, 409, "fileIdInUse");
    const session = crypto.randomUUID();
    sessions.set(session, { id, name, size: Number(request.headers["x-upload-content-length"]), bytes: Buffer.alloc(0) });
    response
      .writeHead(200, {
        location: `${address.origin}/upload/drive/v3/files?uploadType=resumable&upload_id=${session}`,
        "content-length": 0,
      })
      .end();
  }

  async function resume(request: IncomingMessage, response: ServerResponse, session: string): Promise<void> {
    const upload = sessions.get(session);
    const [, start, end, total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(request.headers["content-range"] ?? "") ?? [];
    if (!upload) {
      await readAll(request);
      return refuse(response, 404, "notFound");
    }
    if (Number(total) !== upload.size || (start !== undefined && Number(start) !== upload.bytes.length)) {
      await readAll(request);
      return refuse(response, 400, "invalidContentRange");
    }
    let received = Buffer.alloc(0);
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) received = Buffer.concat([received, chunk]);
    } finally {
      // What came of a broken request is kept by whole units.
      const isWhole = start === undefined || received.length === Number(end) - Number(start) + 1;
      const kept = isWhole ? received.length : Math.floor(received.length / unit) * unit;
      if (start !== undefined) upload.bytes = Buffer.concat([upload.bytes, received.subarray(0, kept)]);
    }
    if (upload.bytes.length < upload.size) {
      if (upload.bytes.length % unit !== 0) return refuse(response, 400, "invalid");
      const range: Record<string, string> = upload.bytes.length > 0 ? { range: `bytes=0-${upload.bytes.length - 1}` } : {};
      return void response.writeHead(308, { ...range, "content-length": 0 }).end();
    }
    sessions.delete(session);
    keep(response, { id: upload.id, name: upload.name, parents: ["appDataFolder"] }, upload.bytes);
  }

  return async (request: IncomingMessage, response: ServerResponse, address: URL): Promise<void> => {
    const { uploadType, upload_id: session } = params(address, {
      uploadType: /^(media|multipart|resumable)$/,
      upload_id: /^[\w-]+$/,
      fields: /^id$/,
    });
    const [, id] = /\/files\/([\w-]+)$/.exec(address.pathname) ?? [];
    if (request.method === "PATCH" && uploadType === "media" && id !== undefined) {
      const file = state.files.get(id);
      const bytes = await readAll(request);
      if (!file) return refuse(response, 404, "notFound");
      state.files.set(id, { ...file, bytes, modifiedTime: timeNow(state) });
      return answer(response, 200, { id });
    }
    if (request.method === "POST" && uploadType === "multipart") return multipart(request, response);
    if (request.method === "POST" && uploadType === "resumable") return begin(request, response, address);
    if (request.method === "PUT" && session !== undefined) return resume(request, response, session);
    refuse(response, 400, "badRequest");
  };
}
