import type { CallOptions } from "@xmtp-backup/core";
import { AwsV4Signer } from "aws4fetch";
import { sha256 } from "../sha256.ts";
import { RefusedCredentials } from "../transport/credentialHeaders.ts";
import type { RemoteOptions } from "../transport/remoteOptions.ts";
import { flawOf } from "./flawOf.ts";

/** An access key of the bucket. */
export type S3Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** The access key, or what gives one: asked before every request, and with `refresh` once more when the last was refused. */
export type S3Credentials = S3Keys | ((options: CallOptions & { refresh: boolean }) => S3Keys | Promise<S3Keys>);

export type SigningOptions = { credentials: S3Credentials; region: string | undefined; fetch: typeof globalThis.fetch };

/**
 * Signs each attempt of a request (AWS Signature Version 4), its body included, so that the server refuses what was altered on the way.
 */
export function signing({ credentials, region, fetch }: SigningOptions): Required<Pick<RemoteOptions, "credentials" | "fetch">> {
  let keys: S3Keys | undefined;
  /** What signatures are made with, derived from the secret once a day and not for every request. */
  let derived = new Map<string, ArrayBuffer>();

  return {
    async credentials(options) {
      const given = typeof credentials === "function" ? await credentials(options) : credentials;
      const flaw = flawOf(given);
      if (flaw !== undefined) throw new RefusedCredentials(flaw);
      if (given.secretAccessKey !== keys?.secretAccessKey) derived = new Map();
      keys = given;
      return {};
    },
    async fetch(input, init = {}) {
      if (!keys) throw new TypeError("A request was made before its credentials were asked for.");
      const { url: address } = new Request(input);
      const known = region ?? regionOf(address);
      // Google's front end changes this header on its way: no signature may cover it.
      const encoding = new Headers(init.headers).get("accept-encoding");
      const toSign = new Headers(init.headers);
      toSign.delete("accept-encoding");
      if (!toSign.has("x-amz-content-sha256"))
        toSign.set("x-amz-content-sha256", await sha256(await new Response(init.body ?? "").arrayBuffer()));
      const signer = new AwsV4Signer({
        url: address,
        method: init.method ?? "GET",
        headers: toSign,
        service: "s3",
        cache: derived,
        ...keys,
        ...(known !== undefined && { region: known }),
      });
      const { url, headers } = await signer.sign();
      if (encoding !== null) headers.set("accept-encoding", encoding);
      return fetch(url, { ...init, headers });
    },
  };
}

/** Google's storage knows no region of S3; undefined lets the signer go by the addresses that it knows. */
function regionOf(url: string): string | undefined {
  return /(^|\.)storage\.googleapis\.com$/.test(new URL(url).hostname) ? "auto" : undefined;
}
