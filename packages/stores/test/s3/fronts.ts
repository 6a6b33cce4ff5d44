import { createHash } from "node:crypto";
import type { S3StoreOptions } from "../../src/s3/index.ts";

// Rules of other servers, laid over a real one: each front answers itself what such a server refuses, and passes everything else on.

export type Front = NonNullable<S3StoreOptions["fetch"]>;

/** A request as a server sees it. */
export type Seen = { method: string; key: string; query: URLSearchParams; headers: Headers; body: Uint8Array };

/** An error as S3 words it. */
export function s3Error(status: number, code: string): Response {
  return new Response(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret of the server</Message></Error>`, {
    status,
    headers: { "content-type": "application/xml" },
  });
}

export async function seenOf(input: Parameters<Front>[0], init: RequestInit = {}): Promise<Seen> {
  const url = new URL(new Request(input).url);
  const body = new Uint8Array(await new Response(init.body ?? "").arrayBuffer());
  return {
    method: init.method ?? "GET",
    key: url.pathname.split("/").slice(2).join("/"),
    query: url.searchParams,
    headers: new Headers(init.headers),
    body,
  };
}

/** A front that refuses what `refuse` answers, and shows every request to it. */
export const refusing =
  (refuse: (seen: Seen) => Response | undefined, next: Front = fetch): Front =>
  async (input, init) =>
    refuse(await seenOf(input, init)) ?? next(input, init);

/** A key without the right to list the whole bucket: a server then answers 403 for what is missing. `mayList` says which prefixes can be listed. */
export function hidingMissing(mayList: (prefix: string) => boolean): Front {
  return async (input, init) => {
    const { method, query } = await seenOf(input, init);
    if (method === "GET" && (query.has("list-type") || query.has("uploads")))
      return mayList(query.get("prefix") ?? "") ? fetch(input, init) : s3Error(403, "AccessDenied");
    const response = await fetch(input, init);
    return response.status === 404 && !query.has("uploadId") ? s3Error(403, "AccessDenied") : response;
  };
}

/** Whether a request stores bytes: an object, or a part of one. */
export const isWrite = ({ method }: Seen): boolean => method === "PUT";

/** A bucket with Object Lock: each body needs a checksum, which has to be right, and parts need it again when they are put together. */
export function demandingChecksums(): Front {
  const withChecksums = new Set<string>();
  const front = refusing((seen) => {
    const { method, key, query, headers, body } = seen;
    if (method === "POST" && query.has("uploads")) {
      if (headers.get("x-amz-checksum-algorithm") === "SHA256") withChecksums.add(key);
      else withChecksums.delete(key);
    }
    if (
      method === "POST" &&
      query.has("uploadId") &&
      withChecksums.has(key) &&
      !/<ChecksumSHA256>[\w+/]{43}=<\/ChecksumSHA256>/.test(new TextDecoder().decode(body))
    )
      return s3Error(400, "InvalidRequest");
    if (!isWrite(seen)) return undefined;
    const given = headers.get("x-amz-checksum-sha256");
    if (given === null || (query.has("partNumber") && !withChecksums.has(key))) return s3Error(400, "InvalidRequest");
    return given === createHash("sha256").update(body).digest("base64") ? undefined : s3Error(400, "BadDigest");
  });
  return front;
}

/** A bucket with Object Lock at a server that knows no checksum but the oldest: B2, and servers of before 2022. */
export function demandingMd5(): Front {
  return refusing((seen) => {
    if ([...seen.headers.keys()].some((name) => name.startsWith("x-amz-checksum-"))) return s3Error(400, "InvalidArgument");
    if (!isWrite(seen)) return undefined;
    const given = seen.headers.get("content-md5");
    if (given === null) return s3Error(400, "InvalidRequest");
    return given === createHash("md5").update(seen.body).digest("base64") ? undefined : s3Error(400, "BadDigest");
  });
}

/** A server that does not know checksums, and says so in its own way; `onRefused` is called each time. */
export function refusingChecksums(answer: () => Response, onRefused: (seen: Seen) => void = () => {}): Front {
  return refusing((seen) => {
    if (![...seen.headers.keys()].some((name) => name.startsWith("x-amz-checksum-"))) return undefined;
    onRefused(seen);
    return answer();
  });
}

/**
 * Google's storage by its S3 interface, as its documentation and public reports describe it: its front end changes `Accept-Encoding` before the signature
 * is checked, checksums are not taken, those of parts are answered with 412, and what was noted with an object comes back under Google's name.
 */
export function googleLike(onRefused: (seen: Seen) => void = () => {}): Front {
  const passed: Front = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("accept-encoding", [headers.get("accept-encoding"), "gzip(gfe)"].filter(Boolean).join(","));
    const response = await fetch(input, { ...init, headers });
    const noted = response.headers.get("x-amz-meta-upload");
    if (noted === null) return response;
    const answered = new Headers(response.headers);
    answered.delete("x-amz-meta-upload");
    answered.set("x-goog-meta-upload", noted);
    return new Response(response.body, { status: response.status, headers: answered });
  };
  return refusing((seen) => {
    const isOfParts = seen.method === "POST" && new TextDecoder().decode(seen.body).includes("Checksum");
    const isRefused = isOfParts || [...seen.headers.keys()].some((name) => /^x-amz-checksum-|^x-goog-/.test(name));
    if (isRefused) onRefused(seen);
    if (isOfParts) return s3Error(412, "PreconditionFailed");
    return isRefused ? s3Error(400, "InvalidArgument") : undefined;
  }, passed);
}

/** Knows which uploads in parts were ended, as S3 does, and answers whatever is asked of them with `NoSuchUpload`; `before` is called with each request. */
export function knowingUploads(before: (seen: Seen) => Promise<void> | void = () => {}): Front {
  const ended = new Set<string>();
  return async (input, init) => {
    const seen = await seenOf(input, init);
    await before(seen);
    const uploadId = seen.query.get("uploadId");
    if (uploadId === null) return fetch(input, init);
    if (ended.has(uploadId)) return s3Error(404, "NoSuchUpload");
    const response = await fetch(input, init);
    if (seen.method === "DELETE" || (seen.method === "POST" && response.ok)) ended.add(uploadId);
    return response;
  };
}
