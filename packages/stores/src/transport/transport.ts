import { BackupError, type CallOptions, isBackupError, untilAborted } from "@xmtp-backup/core";
import { checkRemoteOptions } from "./checkRemoteOptions.ts";
import { credentialHeaders, RefusedCredentials } from "./credentialHeaders.ts";
import { followRedirects } from "./followRedirects.ts";
import { plainCause } from "./plainCause.ts";
import { type Credentials, type RemoteOptions, remoteDefaults } from "./remoteOptions.ts";
import { isPage, responseError } from "./responseError.ts";
import { retrying } from "./retrying.ts";
import { readBounded } from "./readBounded.ts";
import type { Reading } from "./reading.ts";
import { type Silence, watchSilence } from "./silence.ts";
import { storeAddress } from "./storeAddress.ts";
import { TransientFailure } from "./transientFailure.ts";

/** What a refusal may say of itself. */
const maxRefusalBytes = 64 * 1024;

export type TransportRequest = CallOptions & {
  method: string;
  /** An address, or a path below the base. */
  url: string;
  headers?: Record<string, string>;
  body?: Blob | Uint8Array<ArrayBuffer> | string;
  /** Refusing statuses that `read` understands itself. */
  expects?: readonly number[];
  /** What has failed when this fails: the error's short message. */
  failure: string;
};

/**
 * No page that stands in the way answers so. A server may describe what was created to people, as Apache does. PHP calls its empty
 * answers pages, those of Nextcloud among them.
 */
const pageless: ReadonlySet<number> = new Set([201, 204, 205]);

export type Transport = {
  /** Where the server is, ending in a slash. */
  readonly base: URL;
  /** One exchange, body included, without a retry. @throws TransientFailure when it can pass */
  exchange<T>(request: TransportRequest, read: (reading: Reading) => Promise<T>): Promise<T>;
  /** The same exchange, tried again as long as its failure can pass. */
  send<T>(request: TransportRequest, read: (reading: Reading) => Promise<T>): Promise<T>;
  /**
   * Does work that is made of exchanges again as long as its failure can pass. A server that is at work is waited for, for `patienceMs`.
   */
  retrying<T>(work: () => Promise<T>, options: CallOptions & { patienceMs?: number }, progress?: () => number): Promise<T>;
};

/** How a server speaks of refusals, where its statuses alone do not tell them apart. */
export type Dialect = {
  /**
   * The status that a refusal really means, for example 507 for a 403 whose body says that the place is full, or that the clocks differ.
   */
  statusOf?: (response: Response, body: string) => number | "clock skewed";
};

/**
 * The way to a server. Its HTTP requests end in time, stay on its host, carry fresh credentials, and fail with a `BackupError`. The error
 * holds nothing of what was sent, of addresses, or of what the server and the app's own functions wrote.
 *
 * @throws OPTIONS_INVALID when the address is none of HTTP, holds a user or a query, or is neither `https` nor loopback, or another
 * option is wrong
 */
export function createTransport(
  base: string,
  options: RemoteOptions = {},
  { statusOf }: Dialect = {},
  now: () => number = Date.now,
): Transport {
  checkRemoteOptions(options);
  const credentials: Credentials = options.credentials ?? remoteDefaults.credentials;
  const { fetch = remoteDefaults.fetch, allowInsecure = remoteDefaults.allowInsecure } = options;
  const { timeoutMs = remoteDefaults.timeoutMs, retries = remoteDefaults.retries, retryDelayMs = remoteDefaults.retryDelayMs } = options;
  const baseUrl = storeAddress(base, allowInsecure);

  /** A refusal as the one that it means. */
  async function understand(response: Response, heard: () => void): Promise<Response> {
    if (response.ok || !statusOf) return response;
    const body = new TextDecoder().decode(await readBounded({ response, heard }, maxRefusalBytes));
    const status = statusOf(response, body);
    if (status === "clock skewed")
      throw new BackupError("STORE_CLOCK_SKEWED", "The server refused.", {
        details: "It says that this device's clock differs from its own.",
      });
    return new Response(null, { status, headers: response.headers });
  }

  /** The headers of who asks; what the app's own function says of a failure stays in it. */
  async function askForCredentials(options: CallOptions & { refresh: boolean }, failure: string): Promise<Record<string, string>> {
    let given: unknown;
    try {
      given = await credentials(options);
    } catch (error) {
      if (error instanceof RefusedCredentials) throw error;
      const code = isBackupError(error) ? error.code : "STORE_UNAVAILABLE";
      const failed = new BackupError(code, failure, { details: "The app's function for credentials failed.", cause: plainCause(error) });
      throw code === "STORE_UNAVAILABLE" ? new TransientFailure(failed) : failed;
    }
    return credentialHeaders(given);
  }

  /** What a function of the app's own throws is no text of ours. */
  const request: typeof globalThis.fetch = async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      throw isBackupError(error) ? new BackupError(error.code, "The request failed.", { cause: plainCause(error) }) : error;
    }
  };

  async function ask(
    { method, url, headers, body, expects = [], failure }: TransportRequest,
    { signal, heard }: Silence,
  ): Promise<Response> {
    if (!URL.canParse(url, baseUrl.href))
      throw new BackupError("STORE_FAILED", failure, { details: "The server names an address that is none." });
    const target = new URL(url, baseUrl);
    const send = async (refresh: boolean) => {
      // A browser's cache knows nothing of what another device wrote.
      const given = await untilAborted(askForCredentials({ refresh, signal }, failure), { signal });
      const init = { method, cache: "no-store" as const, headers: { ...headers, ...given }, signal, ...(body !== undefined && { body }) };
      return understand(await followRedirects(request, target, init, { origin: baseUrl.origin, expects }), heard);
    };
    const response = await send(false);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    return send(true);
  }

  const exchange: Transport["exchange"] = async (request, read) => {
    const { signal, expects = [], failure } = request;
    signal?.throwIfAborted();
    const silence = watchSilence(timeoutMs, { signal });
    try {
      const response = await ask(request, silence);
      silence.heard();
      try {
        if (!response.ok && !expects.includes(response.status)) throw responseError(response, failure, now());
        if (response.ok && !pageless.has(response.status) && isPage(response.headers))
          throw new BackupError("STORE_UNAVAILABLE", failure, { details: "A web page answered instead of the store." });
        return await read({ response, heard: silence.heard });
      } finally {
        // What was not read would hold the connection.
        if (!response.bodyUsed) await response.body?.cancel().catch(() => {});
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof TransientFailure) throw error;
      if (isBackupError(error))
        throw new BackupError(error.code, failure, { details: error.details ?? error.shortMessage, cause: plainCause(error.cause) });
      const details = silence.signal.aborted ? "The server said nothing for too long." : "The connection failed.";
      throw new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure, { details, cause: plainCause(error) }));
    } finally {
      silence.end();
    }
  };

  const again: Transport["retrying"] = (work, { signal, patienceMs = 0 }, progress) =>
    retrying(work, { retries, retryDelayMs, patienceMs, signal }, progress);
  return { base: baseUrl, exchange, retrying: again, send: (request, read) => again(() => exchange(request, read), request) };
}
