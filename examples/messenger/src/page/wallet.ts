import { IdentifierKind, type Signer } from "@xmtp/browser-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { stored } from "./stored.ts";

/** A wallet for an example: a real one keeps its private key out of reach of the page. */
const privateKey = stored<`0x${string}`>("wallet");

export const hasWallet = (): boolean => privateKey.read() !== undefined;

export const forgetWallet = (): void => privateKey.forget();

/** Signs for the person of this browser, who stays the same on every device until the wallet is forgotten. */
export function walletSigner(): Signer {
  const known = privateKey.read() ?? generatePrivateKey();
  privateKey.write(known);
  const account = privateKeyToAccount(known);
  return {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
}
