import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/browser-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

/** Somebody with a wallet, who can open XMTP in this page any number of times; its databases are in memory. */
export function createPerson(url: string): { open(): Promise<Client> } {
  const account = privateKeyToAccount(generatePrivateKey());
  const signer: Signer = {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
  const options = { env: "local" as const, apiUrl: url, dbPath: null, disableDeviceSync: true, loggingLevel: LogLevel.Off };
  return { open: () => Client.create(signer, options) };
}
