import type * as Sdk from "@xmtp/node-sdk";
import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/node-sdk";
import type { Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

export type Device = {
  /** Where its database is: opened when it is there, a new installation when it is not. */
  dbPath: string;
  /** @default false */
  deviceSync?: boolean;
  /** @default true */
  encrypted?: boolean;
  /** @default 32 times 7 */
  dbEncryptionKey?: Uint8Array;
  /** @default LogLevel.Off */
  loggingLevel?: LogLevel;
  /** Another copy of the SDK. @default the one that tests import */
  sdk?: Pick<typeof Sdk, "Client">;
};

/** Somebody with a wallet, who can open XMTP on up to ten devices. */
export type Person = { privateKey: Hex; openOn(device: Device): Promise<Client> };

export function createPerson(networkUrl: string, privateKey: Hex = generatePrivateKey()): Person {
  const account = privateKeyToAccount(privateKey);
  const signer: Signer = {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => Buffer.from((await account.signMessage({ message })).slice(2), "hex"),
  };
  return {
    privateKey,
    openOn: ({
      dbPath,
      deviceSync = false,
      encrypted = true,
      dbEncryptionKey = new Uint8Array(32).fill(7),
      loggingLevel = LogLevel.Off,
      sdk = { Client },
    }) =>
      sdk.Client.create(signer, {
        env: "local",
        apiUrl: networkUrl,
        dbPath,
        ...(encrypted && { dbEncryptionKey }),
        disableDeviceSync: !deviceSync,
        loggingLevel,
      }),
  };
}
