import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArchiveEntry, manifestReader } from "@xmtp-backup/core";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { fileStore } from "@xmtp-backup/node";
import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/node-sdk";
import { toBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type Container, startContainer } from "../../src/container.ts";

/** A network, a wallet of an agent whose containers come and go, a place for its archives, and Alice. */
export type Stage = Awaited<ReturnType<typeof createStage>>;

export async function createStage(node: string) {
  const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-agent-"));
  const network = await startLocalNetwork();
  const [wallet, key] = [generatePrivateKey(), randomBytes(32)];
  const archives = join(folder, "archives");
  const store = fileStore({ directory: archives });
  await mkdir(archives);
  const alice = await openClient(generatePrivateKey(), join(folder, "alice.db3"));
  const running: Container[] = [];
  const identifier = toSigner(wallet).getIdentifier();

  function openClient(privateKey: `0x${string}`, dbPath: string): Promise<Client> {
    return Client.create(toSigner(privateKey), {
      env: "local",
      apiUrl: network.url,
      dbPath,
      disableDeviceSync: true,
      loggingLevel: LogLevel.Off,
    });
  }

  return {
    alice,
    archives,
    store,
    identifier,
    diskOf: (disk: string) => join(folder, disk),

    /** A container of the agent on the disk of that name. */
    start(disk: string, environment: Record<string, string> = {}): Container {
      const container = startContainer(node, {
        XMTP_API_URL: network.url,
        XMTP_WALLET_KEY: wallet,
        XMTP_DB_DIRECTORY: join(folder, disk),
        XMTP_DB_ENCRYPTION_KEY: `0x${"07".repeat(32)}`,
        XMTP_BACKUP_KEY: key.toString("hex"),
        ARCHIVES: archives,
        ...environment,
      });
      running.push(container);
      return container;
    },

    /** The archives that the agent's key opens, the newest first. */
    async list(): Promise<ArchiveEntry[]> {
      const read = await manifestReader([key]);
      const entries: ArchiveEntry[] = [];
      for await (const { id, manifest } of store.list()) entries.push(await read(id, manifest));
      return entries.sort((a, b) => b.createdAtMs - a.createdAtMs);
    },

    /** How many installations the network knows of the agent's inbox. */
    async installations(): Promise<number> {
      const inboxId = (await alice.fetchInboxIdByIdentifier(await identifier)) ?? "";
      const [state] = await alice.preferences.fetchInboxStates([inboxId]);
      return state?.installations.length ?? 0;
    },

    printLines(): void {
      for (const c of running) console.log(c.lines.join("\n") + "\n-----");
    },
    async dispose(): Promise<void> {
      for (const container of running) await container.end("SIGKILL");
      await alice.close();
      await network.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function toSigner(privateKey: `0x${string}`): Signer {
  const account = privateKeyToAccount(privateKey);
  return {
    type: "EOA",
    getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
    signMessage: async (message) => toBytes(await account.signMessage({ message })),
  };
}
