import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import { isFingerprint } from "../http/protocol.ts";
import { isArchiveId } from "../layout.ts";
import type { InboxArchives, Outcome } from "./inboxArchives.ts";
import { uploadName } from "./uploadNames.ts";

export type UploadsOptions = {
  directory: string;
  maxArchiveBytes: number;
  archivesOf: (inbox: string) => InboxArchives;
};

/** The uploads of all inboxes, by the tus protocol: each is named after its archive and the fingerprint of its bytes. */
export type Uploads = { handle(request: Request, inbox: string): Promise<Response> };

const refusals = { conflict: 409, full: 507 } as const;

export function createUploads({ directory, maxArchiveBytes, archivesOf }: UploadsOptions): Uploads {
  const inboxes = new WeakMap<object, string>();

  const inboxOf = (request: object) => {
    const inbox = inboxes.get(request);
    if (inbox === undefined) throw refusal(401);
    return inbox;
  };

  const tus = new Server({
    path: "/uploads",
    datastore: new FileStore({ directory }),
    maxSize: maxArchiveBytes,
    generateUrl: (_request, { id }) => {
      const { archive, fingerprint } = partsOf(id);
      return `uploads/${archive}/${fingerprint}`;
    },
    namingFunction: (request, metadata) => {
      const [id, fingerprint] = [metadata?.["archive"], metadata?.["fingerprint"]];
      if (!isArchiveId(id) || !isFingerprint(fingerprint)) throw refusal(400);
      return `${inboxOf(request)}/${uploadName(id, fingerprint)}`;
    },
    getFileIdFromRequest: (request) => {
      const asked = uploadOf(request.url);
      return asked && `${inboxOf(request)}/${uploadName(asked.id, asked.fingerprint)}`;
    },
    onUploadCreate: async (request, { id, size }) => {
      // An upload whose length is told later could not be held to the quota.
      if (size === undefined) throw refusal(411);
      expectDone(await archivesOf(inboxOf(request)).reserve(partsOf(id).archive, size));
      return {};
    },
    onUploadFinish: async (request, { id }) => {
      const { archive, fingerprint } = partsOf(id);
      expectDone(await archivesOf(inboxOf(request)).finish(archive, fingerprint));
      return {};
    },
  });

  return {
    async handle(request, inbox) {
      const asked = request.method === "HEAD" ? uploadOf(request.url) : undefined;
      const size = asked && (await archivesOf(inbox).finishedSize(asked.id, asked.fingerprint));
      if (size !== undefined) return new Response(null, { headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": String(size), "Upload-Length": String(size) } });
      inboxes.set(request, inbox);
      return tus.handleWeb(request);
    },
  };
}

/** The upload that the address `…/uploads/<id>/<fingerprint>` names. */
function uploadOf(url: string) {
  const [fingerprint, id] = new URL(url).pathname.split("/").reverse();
  return isArchiveId(id) && isFingerprint(fingerprint) ? { id, fingerprint } : undefined;
}

function partsOf(tusId: string) {
  const [archive = "", fingerprint = ""] = tusId.slice(tusId.lastIndexOf("/") + 1).split(".");
  return { archive, fingerprint };
}

function expectDone(outcome: Outcome): void {
  if (outcome !== "done") throw refusal(refusals[outcome]);
}

/** How tus is told what to answer. */
function refusal(status: number): Error {
  return Object.assign(new Error(`Refused with ${status}.`), { status_code: status, body: "Refused.\n" });
}
