import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Agent, type HexString } from "@xmtp/agent-sdk";
import { openClient } from "./openClient.ts";

/** The agent of the environment; with `XMTP_API_URL` on a network of its own. */
export function makeAgent(): Promise<Agent> {
  const { XMTP_API_URL: apiUrl } = process.env;
  return apiUrl === undefined ? Agent.createFromEnv() : makeAgentAt(apiUrl);
}

/**
 * The same on a network elsewhere. `Agent.create` lists the installations on the servers of `env`, whatever `apiUrl` says, and fails where those can't
 * be reached. So the client is made first.
 */
async function makeAgentAt(apiUrl: string): Promise<Agent> {
  const { XMTP_WALLET_KEY, XMTP_DB_ENCRYPTION_KEY, XMTP_DB_DIRECTORY = "." } = process.env;
  await mkdir(XMTP_DB_DIRECTORY, { recursive: true, mode: 0o700 });
  const client = await openClient({
    walletKey: XMTP_WALLET_KEY as HexString,
    apiUrl,
    dbPath: (inboxId) => join(XMTP_DB_DIRECTORY, `xmtp-${inboxId}.db3`),
    dbEncryptionKey: XMTP_DB_ENCRYPTION_KEY as HexString,
  });
  return new Agent({ client });
}
