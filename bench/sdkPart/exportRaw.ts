import { join } from "node:path";
import type { ExportRequest } from "@xmtp-backup/core";
import { archiveOptions } from "@xmtp-backup/core/sdk";
import type { ArchiveOptions } from "@xmtp/node-sdk";
import { toSdkElements } from "../../packages/node/src/host/toSdkElements.ts";
import type { OpenedClient } from "../loaded/openedClient.ts";

/** One export of the SDK, as the plugin asks for it. */
export async function exportRaw({ client, key, folder }: OpenedClient, name: string, request: ExportRequest): Promise<void> {
  const options = archiveOptions(request, toSdkElements(request.elements)) as ArchiveOptions;
  await client.createArchive(join(folder, `${name}.xmtp`), key, options);
}
