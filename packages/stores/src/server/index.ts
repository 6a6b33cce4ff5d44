export { type ArchiveServer, type ArchiveServerOptions, createArchiveServer } from "./createArchiveServer.ts";
