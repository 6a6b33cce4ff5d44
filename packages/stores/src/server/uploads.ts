import { join } from "node:path";
import { type Configstore, FileStore } from "@tus/file-store";
import { Server, Upload } from "@tus/server";
import { isFingerprint } from "../http/protocol.ts";
import { isArchiveId } from "../layout.ts";
import { fileAt } from "./files.ts";
import type { InboxArchives, Outcome } from "./inboxArchives.ts";
import { statusOfFailure } from "./statusOfFailure.ts";
import { createUploadLocks } from "./createUploadLocks.ts";
import { noteName, uploadName } from "./uploadNames.ts";
import { readNote } from "./uploadNote.ts";

export type UploadsOptions = { directory: string; maxArchiveBytes: number };

/** Whose uploads a request is about. */
export type Inbox = { archives: InboxArchives; folderName: string };

/** The uploads of all inboxes, by the tus protocol: each is named after its archive and the fingerprint of its bytes. */
export type Uploads = {
  /** Begins an upload. */
  create(request: Request, inbox: Inbox): Promise<Response>;
  /** Tells how far the upload of this fingerprint came, or goes on with it. */
  handle(request: Request, inbox: Inbox, upload: UploadAddress): Promise<Response>;
  /** Ends what still writes the uploads of an archive that was removed: nobody would count its bytes. */
  end(inbox: Inbox, id: string): Promise<void>;
};

export type UploadAddress = { id: string; fingerprint: string };

const refusals = { conflict: 409, full: 507 } as const;

export function createUploads({ directory, maxArchiveBytes }: UploadsOptions): Uploads {
  const asked = new WeakMap<object, Inbox & { upload?: UploadAddress }>();

  const inboxOf = (request: object) => {
    const inbox = asked.get(request);
    if (inbox === undefined) throw refusal(401);
    return inbox;
  };

  const locks = createUploadLocks();
  const tus = new Server({
    path: "/uploads",
    datastore: new NotedUploads({ directory, configstore: uploadNotes(directory) }),
    locker: locks,
    maxSize: maxArchiveBytes,
    // The answer does not say what went wrong: that would name files of this machine.
    onResponseError: (_request, error) => ({
      status_code: "status_code" in error ? error.status_code : statusOfFailure(error),
      body: "Refused.\n",
    }),
    generateUrl: (_request, { id }) => {
      const { archive, fingerprint } = partsOf(id);
      return `uploads/${archive}/${fingerprint}`;
    },
    namingFunction: (request, metadata) => {
      const [id, fingerprint] = [metadata?.["archive"], metadata?.["fingerprint"]];
      if (!isArchiveId(id) || !isFingerprint(fingerprint)) throw refusal(400);
      return `${inboxOf(request).folderName}/${uploadName(id, fingerprint)}`;
    },
    getFileIdFromRequest: (request) => {
      const { folderName, upload } = inboxOf(request);
      return upload && `${folderName}/${uploadName(upload.id, upload.fingerprint)}`;
    },
    onUploadCreate: async (request, { id, size }) => {
      // An upload whose length comes later could not be held to the quota.
      if (size === undefined) throw refusal(411);
      const { archive, fingerprint } = partsOf(id);
      expectDone(await inboxOf(request).archives.begin(archive, fingerprint, size));
      return {};
    },
    onUploadFinish: async (request, { id }) => {
      const { archive, fingerprint } = partsOf(id);
      expectDone(await inboxOf(request).archives.finish(archive, fingerprint));
      return {};
    },
  });

  return {
    end: ({ folderName }, id) => locks.endAll(`${folderName}/${id}.`),
    create(request, inbox) {
      asked.set(request, inbox);
      return tus.handleWeb(request);
    },
    async handle(request, inbox, upload) {
      const size = request.method === "HEAD" ? await inbox.archives.finishedSize(upload.id, upload.fingerprint) : undefined;
      if (size !== undefined)
        return new Response(null, { headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": String(size), "Upload-Length": String(size) } });
      asked.set(request, { ...inbox, upload });
      return tus.handleWeb(request);
    },
  };
}

/** Writes the bytes of uploads; the file of one, and its note, were made when room was taken for it. */
class NotedUploads extends FileStore {
  override async create(upload: Upload): Promise<Upload> {
    return upload;
  }
}

/** The notes of uploads, as tus reads them. They are written by whoever takes room for an upload, and removed with it. */
function uploadNotes(directory: string): Configstore {
  return {
    async get(id) {
      const path = join(directory, id);
      const [note, file] = await Promise.all([readNote(noteName(path)), fileAt(path)]);
      return note && file && new Upload({ id, size: note.size, offset: file.size });
    },
    set: async () => {},
    delete: async () => {},
  };
}

function partsOf(tusId: string) {
  const [archive = "", fingerprint = ""] = tusId.slice(tusId.lastIndexOf("/") + 1).split(".");
  return { archive, fingerprint };
}

function expectDone(outcome: Outcome): void {
  if (outcome !== "done") throw refusal(refusals[outcome]);
}

/** How tus learns what to answer. */
function refusal(status: number): Error {
  return Object.assign(new Error(`Refused with ${status}.`), { status_code: status, body: "Refused.\n" });
}
