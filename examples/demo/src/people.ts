import { join } from "node:path";
import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/node-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** Somebody with a wallet, who can open XMTP on any number of devices. */
export type Person = { signer: Signer; openOn(device: string): Promise<Client> };

export function createPerson(networkUrl: string, folder: string): Person {
  const account = privateKeyToAccount(generatePrivateKey());
  const signer: Signer = {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
  return {
    signer,
    openOn: (device) =>
      Client.create(signer, {
        env: "local",
        apiUrl: networkUrl,
        dbPath: join(folder, `${device}.db3`),
        dbEncryptionKey: crypto.getRandomValues(new Uint8Array(32)),
        disableDeviceSync: true,
        loggingLevel: LogLevel.Off,
      }),
  };
}

/** Closes a client; one of @xmtp/node-sdk 6.0.0, which has no `close`, ends with its process. */
export async function closeClient(client: { close?(): Promise<void> }): Promise<void> {
  await client.close?.();
}
