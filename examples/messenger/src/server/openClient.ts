import { join } from "node:path";
import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/node-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** A new person's client, with its database in the folder. */
export async function openClient(networkUrl: string, folder: string, name: string): Promise<Client> {
  const account = privateKeyToAccount(generatePrivateKey());
  const signer: Signer = {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
  return Client.create(signer, {
    env: "local",
    apiUrl: networkUrl,
    dbPath: join(folder, `${name}.db3`),
    dbEncryptionKey: crypto.getRandomValues(new Uint8Array(32)),
    disableDeviceSync: true,
    loggingLevel: LogLevel.Off,
  });
}
