import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { closeClient } from "../../packages/node/test/support/closeClient.ts";
import { type Clients, loadClient, type Loaded, openClients } from "../clients.ts";
import { memoryFolder } from "../memoryFolder.ts";
import { atMost, median, type Result, secondsOf } from "../result.ts";

/** The plugin's way through an archive beside the SDK's raw calls, on the real SDK. */
export async function* run(note: (line: string) => void): AsyncGenerator<Result> {
  const clients = await openClients(await memoryFolder());
  try {
    note("loading a client with 50,000 messages …");
    const loaded = await loadClient(clients, 50_000);
    yield atMost("backup of 50,000 messages ÷ raw createArchive", await backupRatio(loaded, note), 0.75, "×");
    yield atMost("restore of 50,000 messages ÷ raw importArchive", await restoreRatio(clients, loaded, 1, note), 0.28, "×");
    note("loading a client with 5,000 messages …");
    yield atMost(
      "restore of 5,000 messages ÷ raw importArchive",
      await restoreRatio(clients, await loadClient(clients, 5_000), 3, note),
      1.15,
      "×",
    );
    note("loading clients with 25,000 and 100,000 messages …");
    const small = await loadClient(clients, 25_000);
    const large = await loadClient(clients, 100_000);
    const growth = (await restoreSeconds(clients, large, note)) / (await restoreSeconds(clients, small, note));
    yield atMost("growth of a restore from 25,000 to 100,000 messages", growth, 4.4, "×");
  } finally {
    await clients.dispose();
  }
}

async function backupRatio({ client, key, backupsOf, folder }: Loaded, note: (line: string) => void): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const raw = await secondsOf(() => client.createArchive(join(folder, `raw-${crypto.randomUUID()}.xmtp`), key));
    const ours = await secondsOf(() => backupsOf(client).backup().result);
    note(`  backup: raw ${raw.toFixed(2)} s, plugin ${ours.toFixed(2)} s`);
    ratios.push(ours / raw);
  }
  return median(ratios);
}

async function restoreRatio(clients: Clients, loaded: Loaded, rounds: number, note: (line: string) => void): Promise<number> {
  const path = join(loaded.folder, `raw-${crypto.randomUUID()}.xmtp`);
  await loaded.client.createArchive(path, loaded.key);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const rawClient = await clients.open(loaded.signer, { encrypted: false });
    const raw = await secondsOf(() => rawClient.importArchive(path, loaded.key));
    await closeClient(rawClient);
    const client = await clients.open(loaded.signer, { encrypted: false });
    const backups = loaded.backupsOf(client);
    const source = await openAsBlob(path);
    const ours = await secondsOf(() => backups.restore(source).result);
    backups.stop();
    await closeClient(client);
    note(`  restore: raw ${raw.toFixed(2)} s, plugin ${ours.toFixed(2)} s`);
    ratios.push(ours / raw);
  }
  return median(ratios);
}

async function restoreSeconds(clients: Clients, loaded: Loaded, note: (line: string) => void): Promise<number> {
  const { entry } = await loaded.backupsOf(loaded.client).backup().result;
  const client = await clients.open(loaded.signer, { encrypted: false });
  const backups = loaded.backupsOf(client);
  const seconds = await secondsOf(() => backups.restore(entry).result);
  backups.stop();
  await closeClient(client);
  note(`  restore of ${entry.details?.counts.messages} messages: ${seconds.toFixed(2)} s`);
  return seconds;
}
