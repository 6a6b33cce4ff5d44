import { type ArchiveStore, assertDocumentBytes, BackupError } from "@xmtp-backup/core";
import { isSameBytes } from "../isSameBytes.ts";
import { asStored, ownTag } from "../transport/entityTags.ts";
import { readDocumentBody } from "../transport/readBounded.ts";
import type { Transport } from "../transport/transport.ts";
import { isDocumentName } from "./protocol.ts";

/** Documents at `documents/<name>`; their revision is the `ETag`, by which the server replaces no other. */
export function httpDocuments(transport: Transport): Required<Pick<ArchiveStore, "getDocument" | "putDocument">> {
  const getDocument: ArchiveStore["getDocument"] = async (name, { signal } = {}) => {
    const request = {
      method: "GET",
      url: pathOf(name),
      headers: { ...asStored },
      signal,
      expects: [404],
      failure: "The document could not be fetched.",
    };
    return transport.send(request, async (reading) => {
      const { status, headers } = reading.response;
      if (status === 404) return undefined;
      const revision = headers.get("etag");
      if (revision === null)
        throw new BackupError("STORE_FAILED", "The server's answer was refused.", { details: "It does not tell the document's revision." });
      return { bytes: await readDocumentBody(reading), revision: ownTag(revision) };
    });
  };

  return {
    getDocument,
    async putDocument(name, bytes, { signal, replaces }) {
      const url = pathOf(name);
      assertDocumentBytes(bytes.length);
      const headers: Record<string, string> = replaces === undefined ? { "If-None-Match": "*" } : { "If-Match": replaces };
      const request = {
        method: "PUT",
        url,
        headers,
        body: new Uint8Array(bytes),
        signal,
        expects: [412],
        failure: "The document could not be stored.",
      };
      let attempts = 0;
      const attempt = () => {
        attempts += 1;
        return transport.exchange(request, async ({ response }) => response.status !== 412);
      };
      const isStored = await transport.retrying(attempt, { signal });
      // An earlier attempt may have stored it, and its answer have been lost.
      if (isStored) return;
      const lying = attempts > 1 ? await getDocument(name, { signal }) : undefined;
      if (lying && isSameBytes(lying.bytes, bytes)) return;
      throw new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
    },
  };
}

function pathOf(name: string): string {
  if (!isDocumentName(name)) throw new BackupError("OPTIONS_INVALID", "A document's name has lower-case letters, digits and dashes only.");
  return `documents/${name}`;
}
