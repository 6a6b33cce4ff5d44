// npm run example:agent: an agent on a network of its own loses its container, and a new one with an empty disk goes on.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { createIdentifier, createUser } from "@xmtp/agent-sdk";
import { type Container, startContainer } from "./container.ts";
import { openClient } from "./openClient.ts";

/** An app looks for new installations of the others when it sends, but not within 5 seconds of the last time. */
const untilBobLooksMs = 5_200;

const log = (line: string) => process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-agent-"));
const network = await startLocalNetwork();
const wallet = createUser();
const environment = {
  XMTP_API_URL: network.url,
  XMTP_WALLET_KEY: wallet.key,
  XMTP_DB_DIRECTORY: join(folder, "disk"),
  XMTP_DB_ENCRYPTION_KEY: `0x${randomBytes(32).toString("hex")}`,
  XMTP_BACKUP_KEY: randomBytes(32).toString("hex"),
  ARCHIVES: join(folder, "archives"),
};
const running = new Set<Container>();

try {
  await mkdir(environment.ARCHIVES);
  log(`an agent and Bob on ${network.url}; nothing leaves this machine`);
  const first = await start("the first container");
  const bob = await openClient({ walletKey: createUser().key, apiUrl: network.url, dbPath: join(folder, "bob.db3") });
  const chat = await bob.conversations.createDmWithIdentifier(createIdentifier(wallet));
  for (const text of ["Hello", "How are you?"]) {
    await chat.sendText(text);
    await first.line(new RegExp(`answered “${text.replace("?", "\\?")}”`));
  }
  log("the first container is stopped, and its disk is thrown away");
  await first.end();
  await rm(environment.XMTP_DB_DIRECTORY, { recursive: true });
  await wait(untilBobLooksMs);

  const second = await start("a second container, with an empty disk");
  await chat.sendText("Are you still there?");
  await second.line(/answered “Are you still there\?”/);
  await chat.sync();
  const last = (await chat.messages()).at(-1);
  log(`Bob reads: ${JSON.stringify((last?.content as { content?: unknown } | undefined)?.content)}`);
  await second.end();
} finally {
  for (const container of running) await container.end("SIGKILL");
  await network.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit();

async function start(name: string): Promise<Container> {
  const container = startContainer(process.execPath, environment);
  running.add(container);
  await container.line(/^online$/);
  for (const line of container.lines.filter((each) => /^(restored|backups|online)/.test(each))) log(`${name}: ${line}`);
  return container;
}
