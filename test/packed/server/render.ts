// What a framework renders on its server, of packed packages: pages in React and in Vue that show the backups of a client there.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBackups } from "@xmtp-backup/core";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { fileKeys, fileStore, nodeHost } from "@xmtp-backup/node";
import { BackupsProvider, useBackups, useBackupStatus } from "@xmtp-backup/react";
import { backupsPlugin, useBackupStatus as useVueBackupStatus } from "@xmtp-backup/vue";
import { Client, IdentifierKind, LogLevel } from "@xmtp/node-sdk";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { hexToBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createSSRApp, defineComponent, h } from "vue";
import { renderToString as renderVueToString } from "vue/server-renderer";

async function main(): Promise<void> {
  assert.equal("window" in globalThis, false);
  const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-server-"));
  const network = await startLocalNetwork();
  const account = privateKeyToAccount(generatePrivateKey());
  const client = await Client.create(
    {
      type: "EOA",
      getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
      signMessage: async (message) => hexToBytes(await account.signMessage({ message })),
    },
    {
      env: "local",
      apiUrl: network.url,
      dbPath: join(folder, "server.db3"),
      dbEncryptionKey: crypto.getRandomValues(new Uint8Array(32)),
      disableDeviceSync: true,
      loggingLevel: LogLevel.Off,
    },
  );
  await (await client.conversations.createGroup([], { groupName: "Notes" })).sendText("To me alone");
  const backups = createBackups({
    host: nodeHost(client),
    store: fileStore({ directory: join(folder, "archives") }),
    keys: fileKeys({ path: join(folder, "archive-key") }),
  });
  const { entry } = await backups.backup().result;

  // React's server shows what a page shows first, so that a page finds what it expects.
  const Shown = () => createElement("p", null, `${useBackups() === backups}, ${useBackupStatus().lastSuccess?.archiveId}`);
  const page = renderToString(createElement(BackupsProvider, { backups, children: createElement(Shown) }));
  assert.equal(page, "<p>true, undefined</p>");

  const VueShown = defineComponent(() => {
    const status = useVueBackupStatus();
    return () => h("p", status.value.lastSuccess?.archiveId);
  });
  assert.equal(await renderVueToString(createSSRApp(VueShown).use(backupsPlugin, { backups })), `<p>${entry.id}</p>`);

  await network.close();
  console.log(JSON.stringify({ backedUp: entry.details?.counts.messages }));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
