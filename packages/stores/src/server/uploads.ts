import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import type { ArchiveId } from "@xmtp-backup/core";
import { isArchiveId } from "../layout.ts";
import type { InboxArchives } from "./inboxArchives.ts";

export type UploadsOptions = {
  directory: string;
  maxArchiveBytes: number;
  quotaBytes: number;
  archivesOf: (inbox: string) => InboxArchives;
};

/** The uploads of all inboxes, by the tus protocol. */
export type Uploads = {
  handle(request: Request, inbox: string): Promise<Response>;
  /** What uploads under way will take, by archive. */
  announced(inbox: string): Map<ArchiveId, number>;
};

export function createUploads({ directory, maxArchiveBytes, quotaBytes, archivesOf }: UploadsOptions): Uploads {
  const inboxes = new WeakMap<object, string>();
  const announcements = new Map<string, Map<ArchiveId, number>>();

  const inboxOf = (request: object) => {
    const inbox = inboxes.get(request);
    if (inbox === undefined) throw refusal(401);
    return inbox;
  };
  const announced = (inbox: string) => announcements.get(inbox) ?? new Map<ArchiveId, number>();
  const announce = (inbox: string, id: ArchiveId, size: number) => announcements.set(inbox, announced(inbox).set(id, size));

  const tus = new Server({
    path: "/uploads",
    datastore: new FileStore({ directory }),
    maxSize: maxArchiveBytes,
    generateUrl: (_request, { id }) => `uploads/${archiveOf(id)}`,
    namingFunction: (request, metadata) => {
      const id = metadata?.["archive"];
      if (!isArchiveId(id)) throw refusal(400);
      return `${inboxOf(request)}/${id}`;
    },
    getFileIdFromRequest: (request, id) => (isArchiveId(id) ? `${inboxOf(request)}/${id}` : undefined),
    onUploadCreate: async (request, { id, size }) => {
      const [inbox, archive] = [inboxOf(request), archiveOf(id)];
      // An upload whose length is told later could not be held to the quota.
      if (size === undefined) throw refusal(411);
      const archives = archivesOf(inbox);
      if (await archives.isListed(archive)) throw refusal(409);
      await archives.remove(archive);
      announce(inbox, archive, size);
      if ((await archives.usedBytes(announced(inbox))) <= quotaBytes) return {};
      announced(inbox).delete(archive);
      throw refusal(507);
    },
    onUploadFinish: async (request, { id }) => {
      const [inbox, archive] = [inboxOf(request), archiveOf(id)];
      await archivesOf(inbox).settle(archive);
      announced(inbox).delete(archive);
      return {};
    },
  });

  return {
    announced,
    handle(request, inbox) {
      inboxes.set(request, inbox);
      return tus.handleWeb(request);
    },
  };
}

function archiveOf(id: string): ArchiveId {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** How tus is told what to answer. */
function refusal(status: number): Error {
  return Object.assign(new Error(`Refused with ${status}.`), { status_code: status, body: "Refused.\n" });
}
