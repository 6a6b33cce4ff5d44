import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { Client, type ClientOptions, type Signer } from "@xmtp/node-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** `IdentifierKind.Ethereum`, which is a const enum and can't be named in isolated modules. */
const ethereum = 0;

/** A wallet that signs what the SDK asks for. */
export function newSigner(): Signer {
  const account = privateKeyToAccount(generatePrivateKey());
  return {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
}

/** Where a client lives. */
export type InstallationOptions = {
  url: string;
  directory: string;
  signer?: Signer;
  deviceSync?: boolean;
};

/** A new installation of the real SDK on that network, of a new user unless there is a signer. */
export function newInstallation({ url, directory, signer = newSigner(), deviceSync = false }: InstallationOptions) {
  const options = {
    env: "local",
    apiUrl: url,
    dbPath: join(directory, `${randomUUID()}.db3`),
    dbEncryptionKey: new Uint8Array(32).fill(1),
    disableDeviceSync: !deviceSync,
  } satisfies ClientOptions;
  return Client.create(signer, options);
}

/** Closes a client where the SDK can: 6.0.0 has no `close`. */
export async function closeClient(client: { close?(): Promise<void> }): Promise<void> {
  await client.close?.();
}
