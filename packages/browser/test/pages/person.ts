import type { Client } from "@xmtp/browser-sdk";
import { generatePrivateKey } from "viem/accounts";
import { openClient } from "./openClient.ts";

/** Somebody with a wallet, who can open XMTP in this page any number of times; its databases are in memory. */
export function createPerson(url: string): { open(): Promise<Client> } {
  const privateKey = generatePrivateKey();
  return { open: () => openClient(url, privateKey, { dbPath: null }) };
}
