import type { CallOptions } from "@xmtp-backup/core";
import type { HttpRequest, HttpResponse, HttpStack } from "tus-js-client";
import { readBounded } from "../transport/readBounded.ts";
import type { Transport } from "../transport/transport.ts";

/** Refusals that tus answers itself, by asking where the upload stands or by making it again. */
const tusStatuses = [404, 409, 410, 423, 460];
const maxBodyBytes = 64 * 1024;

/** What is uploaded, in bytes, and what has failed when it fails. */
export type TusStackOptions = CallOptions & { totalBytes: number; failure: string };

/** Lets tus-js-client speak through a transport, with its credentials, limits and refusals. */
export function tusStack(transport: Transport, { signal, totalBytes, failure }: TusStackOptions): HttpStack {
  /** An upload of another size is none of this archive's, whatever the server says of it: it begins again. */
  const uploadStatus = ({ ok, status, headers }: Response) =>
    ok && Number(headers.get("upload-length") ?? totalBytes) !== totalBytes ? 404 : status;

  return {
    getName: () => "xmtp-backup",
    createRequest(method, url): HttpRequest {
      const headers: Record<string, string> = {};
      const aborted = new AbortController();
      return {
        getMethod: () => method,
        getURL: () => url,
        setHeader: (name, value) => {
          headers[name] = value;
        },
        getHeader: (name) => headers[name],
        setProgressHandler: () => {},
        getUnderlyingObject: () => undefined,
        abort: async () => aborted.abort(),
        send: (body?: Blob) => {
          const both = signal ? AbortSignal.any([signal, aborted.signal]) : aborted.signal;
          const request = { method, url, headers, signal: both, failure, expects: tusStatuses, ...(body && { body }) };
          return transport.exchange(request, async (reading): Promise<HttpResponse> => {
            const text = new TextDecoder().decode(await readBounded(reading, maxBodyBytes));
            return {
              getStatus: () => uploadStatus(reading.response),
              getHeader: (name) => reading.response.headers.get(name) ?? undefined,
              getBody: () => text,
              getUnderlyingObject: () => reading.response,
            };
          });
        },
      };
    },
  };
}
