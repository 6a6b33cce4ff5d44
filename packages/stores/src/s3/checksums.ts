import { sha256Bytes, toHex } from "../sha256.ts";
import type { Reading, Transport, TransportRequest } from "../transport/transport.ts";

/** How a server is told what a body is, beside the signature that covers it: as buckets with Object Lock ask for it, or not at all. */
export type ChecksumKind = "sha256" | "none";

/** Bytes and what is known of them: their SHA-256 in the two forms that S3 wants. */
export type CheckedBody = { bytes: Uint8Array<ArrayBuffer>; hex: string; base64: string };

/**
 * What a server answers that does not know a checksum, or does not take one: B2 says 400, others 501. One that drops the header, or a proxy
 * that does, finds a signature that is not of what it has.
 */
export const checksumRefusals: readonly number[] = [400, 401, 501];

export type Checksums = ReturnType<typeof createChecksums>;

/**
 * The checksums of one bucket. Each body goes with its SHA-256. A server that refuses it is given the body without, and asked so first from then on.
 *
 * Nothing is lost by that: the signature covers the SHA-256 of each body either way, and every archive is read back before it is listed.
 */
export function createChecksums(transport: Transport) {
  let accepted: ChecksumKind = "sha256";

  /** The kinds to try, the one that the server took last before the other. */
  const kinds = (): [ChecksumKind, ChecksumKind] => (accepted === "sha256" ? ["sha256", "none"] : ["none", "sha256"]);

  /** Sends a body with a checksum that the server takes. */
  async function send<T>(request: Omit<TransportRequest, "body">, body: CheckedBody, read: (reading: Reading) => Promise<T>): Promise<T> {
    const [first, second] = kinds();
    const expects = [...(request.expects ?? []), ...checksumRefusals];
    const taken = await transport.send({ ...request, ...checked(request, body, first), expects }, async (reading) =>
      checksumRefusals.includes(reading.response.status) ? undefined : { answer: await read(reading) },
    );
    if (taken) return taken.answer;
    return transport.send({ ...request, ...checked(request, body, second) }, async (reading) => {
      if (reading.response.ok) accepted = second;
      return read(reading);
    });
  }

  return {
    kinds,
    send,
    /** The server took this kind. */
    accept: (kind: ChecksumKind): void => {
      accepted = kind;
    },
  };
}

export async function checkedBody(body: Blob | Uint8Array<ArrayBuffer>): Promise<CheckedBody> {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array(await body.arrayBuffer());
  const digest = await sha256Bytes(bytes);
  return { bytes, hex: toHex(digest), base64: btoa(String.fromCharCode(...digest)) };
}

/** The body of a request and the headers that vouch for it. */
export function checked({ headers }: Pick<TransportRequest, "headers">, { bytes, hex, base64 }: CheckedBody, kind: ChecksumKind): Pick<TransportRequest, "headers" | "body"> {
  return { body: bytes, headers: { ...headers, "x-amz-content-sha256": hex, ...(kind === "sha256" && { "x-amz-checksum-sha256": base64 }) } };
}
