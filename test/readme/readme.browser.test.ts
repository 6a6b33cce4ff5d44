import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { createArchiveServer } from "@xmtp-backup/stores/server";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { createPerson } from "../../examples/demo/src/people.ts";
import { type Container, startContainer } from "../../examples/node-agent/src/container.ts";
import { browserSdkFiles } from "../browser/browserSdkFiles.ts";
import { onePage } from "../browser/onePage.ts";
import { newerNodeOrSkip } from "../newerNodeOrSkip.ts";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
/** What `backupsPage.ts` exports, whose types are those of a page. */
type Script = {
  turnOn(network: string, server: string, privateKey: string): Promise<string>;
  forget(): Promise<void>;
  restore(network: string, server: string, privateKey: string, words: string): Promise<{ restored: number; expected: number }>;
};
const pageFor = onePage<Script>(async () => ({ entry: new URL("./backupsPage.ts", import.meta.url), files: await browserSdkFiles() }));

/** Where agent-sdk asks for the local network, whatever address its client has. */
const localPort = 5556;
const agent = fileURLToPath(new URL("agent.ts", import.meta.url));
const newestSdk = { NODE_OPTIONS: `--import=${new URL("useNewestSdk.ts", import.meta.url).href}` };

describe("README", () => {
  it.each(["agent.ts", "backups.ts"])("default: shows %s as it is run here", async (name) => {
    expect(readme).toContain(`\`\`\`ts\n// ${name}\n${await readFile(new URL(name, import.meta.url), "utf8")}\`\`\`\n`);
  });

  const sdks = { "the SDK that agent-sdk brings": {}, "the newest SDK": newestSdk };
  for (const [sdk, environment] of Object.entries(sdks)) {
    it(`default: agent.ts is backed up in one process and comes back in another, on ${sdk}`, { timeout: 120_000 }, async (context) => {
      const node = newerNodeOrSkip(context);
      const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-readme-"));
      const network = await startLocalNetwork({ port: localPort });
      const wallet = generatePrivateKey();
      const secrets = {
        XMTP_WALLET_KEY: wallet,
        XMTP_DB_ENCRYPTION_KEY: "07".repeat(32),
        XMTP_BACKUP_KEY: randomBytes(32).toString("hex"),
      };
      const running: Container[] = [];
      await mkdir(join(folder, "backups"));
      const startOn = async (disk: string) => {
        const directory = join(folder, disk);
        await mkdir(directory);
        const container = startContainer(
          node,
          { ...environment, ...secrets, XMTP_ENV: "local", XMTP_DB_DIRECTORY: directory },
          { script: agent, cwd: folder },
        );
        running.push(container);
        return container;
      };
      try {
        const first = await startOn("first disk");
        await first.line(/The agent listens/);
        const alice = await createPerson(network.url, folder).openOn("laptop");
        const dm = await alice.conversations.createDmWithIdentifier({
          identifier: privateKeyToAddress(wallet).toLowerCase(),
          identifierKind: 0,
        });
        await dm.sendText("Good morning");
        await expect
          .poll(async () => (await dm.sync(), inspect((await dm.messages()).at(-1)?.content)), { timeout: 60_000 })
          .toContain("Hello");
        expect(await first.end("SIGTERM")).toBe(0);

        const second = await startOn("empty disk");
        expect(await second.line(/messages are back/)).toBe("2 of 2 messages are back");
        await second.line(/The agent listens/);
        expect(await second.end("SIGTERM")).toBe(0);
        // @xmtp/node-sdk 6.0.0 has no close(): there a client ends with its process.
        await alice.close?.();
      } finally {
        for (const container of running) await container.end("SIGKILL");
        await network.close();
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  it("default: backups.ts backs up on one device and restores on another, in Chromium", async (context) => {
    const { page, call } = await pageFor(context);
    const directory = await mkdtemp(join(tmpdir(), "xmtp-backup-readme-"));
    const network = await startLocalNetwork();
    const authenticate = (request: Request) => request.headers.get("authorization")?.replace("Bearer ", "");
    const server = createServer(createArchiveServer({ directory, authenticate, origins: [new URL(page.url()).origin] }).listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const privateKey = generatePrivateKey();
      const words = await call("turnOn", network.url, url, privateKey);
      expect(words.split(" ")).toHaveLength(24);
      // The next device has nothing of the first.
      await call("forget");
      await page.reload();
      expect(await call("restore", network.url, url, privateKey, words)).toMatchObject({ restored: 3, expected: 3 });
    } finally {
      await page.close();
      server.close();
      server.closeAllConnections();
      await network.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
