import { createBackups, describeHealth } from "@xmtp-backup/core";
import { fileKeys, fileStore, nodeHost } from "@xmtp-backup/node";
import type { Client } from "@xmtp/node-sdk";

export async function keepSafe(client: Client) {
  const backups = createBackups({
    host: nodeHost(client),
    store: fileStore({ directory: "./backups" }),
    keys: fileKeys({ path: "./secrets/archive-key" }), // keep a copy that outlives this machine
    policy: { frequency: "daily", afterMessages: 100, keep: { last: 5, monthly: 12 } },
  });
  await backups.start(); // cleans up after a crash, and backs up from now on whenever the policy says so
  backups.status$.subscribe(({ health }) => health && console.log(describeHealth(health).text));

  const task = backups.backup({ name: "Before the update" });
  task.state$.subscribe((state) => console.log(state)); // stages and progress
  const { entry } = await task.result;

  // On a new device: list, restore, and watch conversations become active again.
  const restored = await backups.restore(entry).result;
  console.log(`${restored.messages.restored} of ${restored.messages.expected} messages are back`);
  backups.activation$.subscribe(({ active, total }) => console.log(`${active} of ${total} active`));
  return backups;
}
