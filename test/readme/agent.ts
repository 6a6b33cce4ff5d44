import { fileStore } from "@xmtp-backup/node";
import { backUpAgent, envKeys } from "@xmtp-backup/node/agents";
import { Agent } from "@xmtp/agent-sdk";

const { agent, restored, stop } = await backUpAgent(() => Agent.createFromEnv(), {
  store: fileStore({ directory: "./backups", create: false }), // a mounted folder, which outlives the container
  keys: envKeys(), // XMTP_BACKUP_KEY, 64 hex digits: keep a copy that outlives this machine
});
if (restored) console.log(`${restored.messages.restored} of ${restored.messages.expected} messages are back`);

process.once("SIGTERM", () => void stop().finally(() => process.exit()));
agent.on("start", () => console.log("The agent listens"));
agent.on("text", async (ctx) => {
  await ctx.sendTextReply("Hello");
});
await agent.start();
