import { afterEach } from "vitest";

import { type LocalNetwork, type LocalNetworkOptions, startLocalNetwork } from "../../src/index.ts";

/** Starts networks that are closed after the test that started them. */
export function useNetworks(): (options?: LocalNetworkOptions) => Promise<LocalNetwork> {
  const networks: LocalNetwork[] = [];
  afterEach(async () => {
    await Promise.all(networks.splice(0).map((network) => network.close()));
  });
  return async (options) => {
    const network = await startLocalNetwork(options);
    networks.push(network);
    return network;
  };
}
