import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/browser-sdk";
import { type Hex, toBytes } from "viem";
import { privateKeyToAccount } from "viem/accounts";

export type ClientOptions = {
  /** The name of the database, or null for one in memory. @default the SDK's own name for the inbox */
  dbPath?: string | null;
  /** @default false */
  deviceSync?: boolean;
};

/** Opens the client of whoever has the private key, on the network of the URL. */
export async function openClient(url: string, privateKey: Hex, { dbPath, deviceSync = false }: ClientOptions = {}): Promise<Client> {
  const account = privateKeyToAccount(privateKey);
  const signer: Signer = {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
  const network = { env: "local" as const, apiUrl: url, disableDeviceSync: !deviceSync, loggingLevel: LogLevel.Off };
  return Client.create(signer, { ...network, ...(dbPath !== undefined && { dbPath }) });
}
