// An app as a bundler gets it: the built packages, an XMTP client on this device, and a backup of what it holds.
import { browserHost, indexedDbKeys, opfsStore } from "@xmtp-backup/browser";
import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { Client, createEOASigner, LogLevel } from "@xmtp/browser-sdk";

const parameters = new URLSearchParams(location.search);
const apiUrl = parameters.get("network");
// As in Safari before 26, where a worker writes the files.
if (parameters.has("oldSafari")) delete FileSystemFileHandle.prototype.createWritable;
const client = await Client.create(createEOASigner(), { env: "local", apiUrl, disableDeviceSync: true, loggingLevel: LogLevel.Off });
const group = await client.conversations.createGroup([], { groupName: "Notes" });
await group.sendText("To me alone");

const keys = indexedDbKeys();
await keys.add(generateArchiveKey());
const backups = createBackups({ host: browserHost(client), store: opfsStore(), keys });
const { entry } = await backups.backup().result;
const [listed] = await backups.list();

document.querySelector("output").textContent = JSON.stringify({
  crossOriginIsolated,
  messages: entry.details.counts.messages,
  isListed: listed?.id === entry.id,
});
