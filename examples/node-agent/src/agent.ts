// An agent that is backed up, and comes back with its history on an empty disk. Everything it needs is in its environment.
import type { MessageContext } from "@xmtp/agent-sdk";
import { describeHealth } from "@xmtp-backup/core";
import { fileStore } from "@xmtp-backup/node";
import { backUpAgent, envKeys } from "@xmtp-backup/node/agents";
import { makeAgent } from "./makeAgent.ts";

const { ARCHIVES = "/backups", AFTER_MESSAGES = "100", KEEP_LAST = "7", ACCEPT_MISSING_HISTORY } = process.env;
const log = (line: string) => process.stdout.write(`${line}\n`);

const { agent, backups, restored, stop } = await backUpAgent(makeAgent, {
  // `create: false`: a mount that is missing is an error, and no empty folder.
  store: fileStore({ directory: ARCHIVES, create: false }),
  keys: envKeys(),
  policy: {
    frequency: "daily",
    at: "03:00",
    timeZone: "UTC",
    afterMessages: Number(AFTER_MESSAGES),
    keep: { last: Number(KEEP_LAST) },
    reminders: false,
  },
  revokeOlder: true,
  missingHistory: ACCEPT_MISSING_HISTORY === undefined ? "refuse" : "accept",
});

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop().finally(() => process.exit()));

agent.on("unhandledError", (error) => log(`error: ${"code" in error ? `${String(error.code)}: ` : ""}${error.message}`));
let told: string | undefined;
backups.status$.subscribe(({ health }) => {
  if (health && health.reason !== told) log(`backups: ${health.level}: ${describeHealth(health).text}`);
  told = health?.reason ?? told;
});
backups.activation$.subscribe(({ active, total }) => {
  if (total > 0) log(`${active} of ${total} restored conversations can be written`);
});

agent.on("text", (ctx) => void answer(ctx).catch((error: unknown) => log(`could not answer: ${String(error)}`)));

async function answer(ctx: MessageContext<string>): Promise<void> {
  const count = await ctx.conversation.countMessages();
  await ctx.sendTextReply(`I know ${count} messages of ours`);
  log(`answered “${ctx.message.content}”`);
}

if (restored) log(`restored ${restored.messages.restored} of ${restored.messages.expected} messages`);
await agent.start();
log("online");
