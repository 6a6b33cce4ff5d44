import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { silentNarrator, terminalNarrator } from "./narrator.ts";
import { type Ending, playStory } from "./story.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
if (!values.json) process.stdout.write("(The SDK prints a harmless line about sqlcipherCodecAttach for each database it opens.)\n");
const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-demo-"));

try {
  const ending = await playStory(folder, values.json ? silentNarrator : terminalNarrator(process.stdout));
  process.stdout.write(values.json ? `${JSON.stringify(ending)}\n` : `\n${lastLine(ending)}\n`);
  process.exitCode = isHappy(ending) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function lastLine({ conversations, messages }: Ending): string {
  return `Restored ${conversations.restored} conversations and ${messages.restored} messages; ${conversations.active} of ${conversations.restored} active again`;
}

function isHappy({ conversations, messages, answered }: Ending): boolean {
  return (
    conversations.restored === conversations.expected &&
    messages.restored === messages.expected &&
    conversations.active === conversations.restored &&
    answered === conversations.restored &&
    conversations.restored > 0
  );
}
