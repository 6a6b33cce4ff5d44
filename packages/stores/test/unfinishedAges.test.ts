import { describe, expect, it } from "vitest";
import { googleDriveStore } from "../src/google-drive/index.ts";
import { httpStore } from "../src/http/index.ts";
import { s3Store } from "../src/s3/index.ts";
import { webdavStore } from "../src/webdav/index.ts";

// Servers that answer with times as they please, for what no server here can be brought to say.
const id = "11111111-2222-4333-8444-555555555555";
const nowMs = Date.parse("2031-05-01T12:00:00Z");
const dayMs = 86_400_000;
const agoText = (ms: number) => new Date(nowMs - ms).toUTCString();
const agoIso = (ms: number) => new Date(nowMs - ms).toISOString();

type Answer = { body: string; status?: number; date?: string | undefined };

/** A `fetch` that answers each address, and says that it is 2031 by its clock. */
function server(answer: (url: URL) => Answer): typeof fetch {
  return async (input) => {
    const {
      body,
      status = 200,
      date = new Date(nowMs).toUTCString(),
    } = answer(new URL(input instanceof Request ? input.url : input.toString()));
    return new Response(body, { status, headers: { "content-type": "application/octet-stream", ...(date !== "" && { date }) } });
  };
}

const remote = { retries: 0 };

describe("sizes of archives", () => {
  it.each(["many", "-4", "Infinity", "4, 4"])("behavior: a server that announces %s says nothing of the size", async (length) => {
    const fetch: typeof globalThis.fetch = async () => new Response("here", { headers: { "content-length": length } });
    expect(await httpStore({ ...remote, url: "https://backups.example.com", fetch }).sizeOf?.(id)).toBeUndefined();
  });
});

describe("s3Store: ages of unfinished archives", () => {
  const bucket = (lastModified: string, uploads: string, parts: Answer, date?: string) =>
    s3Store({
      ...remote,
      url: "https://bucket.example.com",
      prefix: "p/",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      fetch: server(({ searchParams }) => {
        if (searchParams.has("uploadId")) return parts;
        if (searchParams.has("uploads")) return { body: `<ListMultipartUploadsResult>${uploads}</ListMultipartUploadsResult>`, date };
        const contents =
          lastModified === "" ? "" : `<Contents><Key>p/${id}.xmtp</Key><LastModified>${lastModified}</LastModified></Contents>`;
        return { body: `<ListBucketResult>${contents}</ListBucketResult>`, date };
      }),
    });
  const upload = (startedAt: string) => `<Upload><Key>p/${id}.xmtp</Key><UploadId>u</UploadId><Initiated>${startedAt}</Initiated></Upload>`;
  const partsOf = (...times: string[]) => ({
    body: `<ListPartsResult>${times.map((time) => `<Part><LastModified>${time}</LastModified></Part>`).join("")}</ListPartsResult>`,
  });

  it("default: are by the server's clock", async () => {
    expect(await bucket(agoIso(2 * dayMs), "", partsOf()).unfinished()).toEqual([{ id, ageMs: 2 * dayMs }]);
  });

  it("behavior: an upload in parts is as old as its newest part, however long ago it began", async () => {
    expect(await bucket("", upload(agoIso(30 * dayMs)), partsOf(agoIso(29 * dayMs), agoIso(60_000))).unfinished()).toEqual([
      { id, ageMs: 60_000 },
    ]);
    expect(await bucket("", upload(agoIso(30 * dayMs)), partsOf()).unfinished()).toEqual([{ id, ageMs: 30 * dayMs }]);
  });

  it.each([
    ["a time that is none", bucket("yesterday", "", partsOf())],
    ["no clock that a page may see", bucket(agoIso(2 * dayMs), "", partsOf(), "")],
    [
      "parts that may not be listed",
      bucket("", upload(agoIso(30 * dayMs)), { body: "<Error><Code>AccessDenied</Code></Error>", status: 403 }),
    ],
    ["a part without a time", bucket("", upload(agoIso(30 * dayMs)), partsOf(""))],
    ["an upload without a time", bucket("", upload(""), partsOf(agoIso(dayMs)))],
  ])("behavior: %s leaves the age unknown", async (_name, store) => {
    expect(await store.unfinished()).toEqual([{ id }]);
  });
});

describe("webdavStore: ages of unfinished archives", () => {
  const folder = (properties: string, date?: string) =>
    webdavStore({
      ...remote,
      url: "https://cloud.example.com/files/",
      fetch: server(() => ({
        status: 207,
        date,
        body: `<d:multistatus xmlns:d="DAV:"><d:response><d:href>/files/${id}.xmtp.part</d:href><d:propstat><d:prop><d:resourcetype/>${properties}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`,
      })),
    });
  const modified = (text: string) => `<d:getlastmodified>${text}</d:getlastmodified>`;

  it("default: are by the server's clock", async () => {
    expect(await folder(modified(agoText(2 * dayMs))).unfinished()).toEqual([{ id, ageMs: 2 * dayMs }]);
  });

  it("behavior: a file that a sync program brought is as old as its upload", async () => {
    const uploadTime = `<upload_time xmlns="http://nextcloud.org/ns">${(nowMs - 60_000) / 1000}</upload_time>`;
    expect(await folder(modified(agoText(9 * dayMs)) + uploadTime).unfinished()).toEqual([{ id, ageMs: 60_000 }]);
  });

  it("behavior: a file from the future is new", async () => {
    expect(await folder(modified(agoText(-9 * dayMs))).unfinished()).toEqual([{ id, ageMs: 0 }]);
  });

  it.each([
    ["no time", folder("")],
    ["a time that is none", folder(modified("yesterday"))],
    ["no clock that a page may see", folder(modified(agoText(2 * dayMs)), "")],
  ])("behavior: %s leaves the age unknown", async (_name, store) => {
    expect(await store.unfinished()).toEqual([{ id }]);
  });
});

describe("googleDriveStore: ages of unfinished archives", () => {
  const drive = (modifiedTime: string, date?: string) =>
    googleDriveStore({
      ...remote,
      token: () => "t",
      fetch: server(() => ({
        body: JSON.stringify({ files: [{ id: "f", name: `${id}.xmtp`, createdTime: agoIso(9 * dayMs), modifiedTime }] }),
        date,
      })),
    });

  it("default: are by Drive's clock", async () => {
    expect(await drive(agoIso(2 * dayMs)).unfinished()).toEqual([{ id, ageMs: 2 * dayMs }]);
  });

  it.each([
    ["a time that is none", drive("yesterday")],
    ["no clock that a page may see", drive(agoIso(2 * dayMs), "")],
  ])("behavior: %s leaves the age unknown", async (_name, store) => {
    expect(await store.unfinished()).toEqual([{ id }]);
  });
});

describe("httpStore: ages of unfinished archives", () => {
  const store = (page: object) =>
    httpStore({ ...remote, url: "https://backups.example.com", fetch: server(() => ({ body: JSON.stringify(page) })) });

  it("default: are by the clock of the server's disk", async () => {
    expect(await store({ archives: [{ id, modifiedAtMs: 5 }], nowMs: 12 }).unfinished()).toEqual([{ id, ageMs: 7 }]);
  });

  it("behavior: a server that does not tell its time leaves the age unknown", async () => {
    expect(await store({ archives: [{ id, modifiedAtMs: 5 }] }).unfinished()).toEqual([{ id }]);
  });
});
