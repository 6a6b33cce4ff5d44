import { sha256Bytes, toHex } from "../sha256.ts";
import type { Reading } from "../transport/reading.ts";
import type { Transport, TransportRequest } from "../transport/transport.ts";
import { md5 } from "./md5.ts";

/**
 * How a request describes its body to a server, beside the signature that covers it. Buckets with Object Lock ask for it; some servers
 * know no checksum, and some (B2 with Object Lock) know only the oldest.
 */
export type ChecksumKind = "sha256" | "none" | "md5";

const everyKind: readonly ChecksumKind[] = ["sha256", "none", "md5"];

/** Bytes and what is known of them: their SHA-256 in the two forms that S3 wants. */
export type CheckedBody = { bytes: Uint8Array<ArrayBuffer>; hex: string; base64: string };

/**
 * What a server answers that does not know a checksum, or does not take one: B2 says 400, others 501. One that drops the header, or a proxy
 * that does, finds a signature that is not of what it has.
 */
export const checksumRefusals: readonly number[] = [400, 401, 501];

export type Checksums = ReturnType<typeof createChecksums>;

/**
 * The checksums of one bucket. Each body goes with its SHA-256. A server that refuses it is given the body without, or with another, and
 * asked so first from then on.
 *
 * Nothing is lost by that: the signature covers the SHA-256 of each body either way, and every archive is read back before it is listed.
 */
export function createChecksums(transport: Transport) {
  let accepted: ChecksumKind = "sha256";

  /** The kinds to try, the one that the server took last before the others. */
  const kinds = (): ChecksumKind[] => [accepted, ...everyKind.filter((kind) => kind !== accepted)];

  /** Sends a body with a checksum that the server takes. */
  async function send<T>(request: Omit<TransportRequest, "body">, body: CheckedBody, read: (reading: Reading) => Promise<T>): Promise<T> {
    const [last, ...others] = kinds().reverse() as [ChecksumKind, ...ChecksumKind[]];
    const expects = [...(request.expects ?? []), ...checksumRefusals];
    for (const kind of others.reverse()) {
      const taken = await transport.send({ ...request, ...checked(request, body, kind), expects }, async (reading) =>
        checksumRefusals.includes(reading.response.status) ? undefined : { answer: await read(reading), isOk: reading.response.ok },
      );
      if (taken?.isOk) accepted = kind;
      if (taken) return taken.answer;
    }
    return transport.send({ ...request, ...checked(request, body, last) }, async (reading) => {
      if (reading.response.ok) accepted = last;
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
  return { bytes, hex: toHex(digest), base64: toBase64(digest) };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** The body of a request and the headers that vouch for it. */
export function checked(
  { headers }: Pick<TransportRequest, "headers">,
  { bytes, hex, base64 }: CheckedBody,
  kind: ChecksumKind,
): Pick<TransportRequest, "headers" | "body"> {
  const checksum = {
    sha256: () => ({ "x-amz-checksum-sha256": base64 }),
    md5: () => ({ "content-md5": toBase64(md5(bytes)) }),
    none: () => ({}),
  }[kind]();
  return { body: bytes, headers: { ...headers, "x-amz-content-sha256": hex, ...checksum } };
}
