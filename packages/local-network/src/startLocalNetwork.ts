import { createFaults, type Faults } from "./faults/createFaults.ts";
import { createRequestListener } from "./routes/createRequestListener.ts";
import { createRoutes } from "./routes/createRoutes.ts";
import { listenOnLoopback, type OpenPort } from "./http/listenOnLoopback.ts";
import { createFeed } from "./live/createFeed.ts";
import { createRpcHandlers } from "./rpc/createRpcHandlers.ts";
import { createCallCounter, readStats, type Stats } from "./stats.ts";
import { openStore } from "./store/openStore.ts";

/** How to start a network. */
export type LocalNetworkOptions = {
  /** @default a free port */
  port?: number | undefined;
  /**
   * Path of a SQLite file that keeps the network, made if it is missing. One network uses it at a time.
   *
   * @default in memory, gone when the network closes
   */
  persistTo?: string | undefined;
};

/** A running network. */
export type LocalNetwork = {
  /** `http://127.0.0.1:<port>`: the SDKs' `apiUrl`, and the server URL of `sendSyncRequest` and `sendSyncArchive`. */
  url: string;
  port: number;
  /** Makes calls fail, for tests. */
  faults: Faults;
  /** What the network has seen and what it holds. */
  stats(): Stats;
  /** Ends all connections and stops. Calling it again does nothing. */
  close(): Promise<void>;
};

/**
 * Starts an XMTP network in this process, on the loopback interface, for the node and the browser SDK.
 *
 * @throws EADDRINUSE when the port is taken.
 * @throws when `persistTo` can't be used.
 * @example
 * import { startLocalNetwork } from "@xmtp-backup/local-network";
 * import { Client } from "@xmtp/node-sdk";
 *
 * const network = await startLocalNetwork();
 * const client = await Client.create(signer, { env: "local", apiUrl: network.url, dbPath, dbEncryptionKey });
 * await network.close();
 */
export async function startLocalNetwork({ port = 0, persistTo }: LocalNetworkOptions = {}): Promise<LocalNetwork> {
  const store = openStore(persistTo);
  const feeds = {
    groupMessages: createFeed(store.groupMessages),
    welcomeMessages: createFeed(store.welcomeMessages),
  };
  const closing = new AbortController();
  const calls = createCallCounter();
  const { faults, takeFault } = createFaults((isOffline) => open.setOffline(isOffline));
  const rpcHandlers = createRpcHandlers({ store, ...feeds, closing: closing.signal });
  const listener = createRequestListener({
    findRoute: createRoutes(rpcHandlers, store.files),
    onCall: calls.onCall,
    takeFault,
    closing: closing.signal,
  });
  const open: OpenPort = await listenOnLoopback(port, listener).catch((error: unknown) => {
    store.close();
    throw error;
  });

  async function close(): Promise<void> {
    closing.abort();
    await open.close();
    store.close();
  }

  let closed: Promise<void> | undefined;
  return {
    url: open.url,
    port: open.port,
    faults,
    stats: () => readStats(calls.snapshot(), store, feeds),
    close: () => (closed ??= close()),
  };
}
