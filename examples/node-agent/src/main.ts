// npm run example:agent [-- --once]: an agent on a network of its own, and Bob who writes to it; --once ends after the first backup.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/node-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { answer } from "./answer.ts";
import { keepAgentSafe, letFinish } from "./keepAgentSafe.ts";
import { localVault } from "./vault.ts";

const afterMessages = 5;
const { values } = parseArgs({ options: { once: { type: "boolean", default: false } } });
const log = (line: string) => process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-agent-"));
const network = await startLocalNetwork();
const [agent, bob] = [await openClient("agent"), await openClient("bob")];
const asked = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => asked.abort());

log(`an agent and Bob on ${network.url}; nothing leaves this machine`);
const backups = await keepAgentSafe(agent, { archives: join(folder, "archives"), vault: localVault(), notes: join(folder, "notes") }, afterMessages, (line) => log(`backups: ${line}`));
const stopAnswering = await answer(agent, backups, (line) => log(`agent: ${line}`));
const chat = await bob.conversations.createDm(agent.inboxId);

try {
  for (let count = 1; !asked.signal.aborted; count += 1) {
    await chat.sendText(`Message ${count} of Bob`);
    await wait(500, undefined, { signal: asked.signal }).catch(() => undefined);
    const [latest] = await backups.list();
    if (values.once && latest) {
      const { messages = 0 } = latest.details?.counts ?? {};
      log(`kept ${messages} messages in ${latest.sizeBytes.toLocaleString("en")} bytes, made by “${latest.details?.trigger}”`);
      break;
    }
  }
} finally {
  await letFinish(backups);
  await stopAnswering();
  // @xmtp/node-sdk 6.0.0 has no close(): there a client ends with its process.
  for (const client of [agent, bob]) await client.close?.();
  await network.close();
  await rm(folder, { recursive: true, force: true });
}

async function openClient(name: string): Promise<Client> {
  const account = privateKeyToAccount(generatePrivateKey());
  const signer: Signer = {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
  return Client.create(signer, {
    env: "local",
    apiUrl: network.url,
    dbPath: join(folder, `${name}.db3`),
    dbEncryptionKey: crypto.getRandomValues(new Uint8Array(32)),
    disableDeviceSync: true,
    loggingLevel: LogLevel.Off,
  });
}
