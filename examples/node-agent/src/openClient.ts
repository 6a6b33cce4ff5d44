import { Client, type ClientOptions, createSigner, createUser, type HexString, LogLevel, type NetworkOptions } from "@xmtp/agent-sdk";

export type Account = { walletKey: HexString; apiUrl: string; dbPath: string | ((inboxId: string) => string); dbEncryptionKey?: HexString };

/** A client on a network of its own. */
export function openClient({ walletKey, ...account }: Account) {
  const options: ClientOptions & NetworkOptions = { env: "local", disableDeviceSync: true, loggingLevel: LogLevel.Off, ...account };
  return Client.create(createSigner(createUser(walletKey)), options);
}
