/** Which documents a server lets nobody write who does not know what another device wrote meanwhile. */
export type RefusedDocuments = "new and changed" | "new" | "changed" | "none";
