import type { DebianServer } from "../../../../scripts/debianServers.ts";
import type { S3Keys } from "../../src/s3/index.ts";
import { accessKey, startS3Server } from "../s3/s3Server.ts";
import { startRadosGateway } from "./radosGateway.ts";
import type { RefusedDocuments } from "./refusedDocuments.ts";

/** A server of S3 that the store is tested against, with an empty bucket at `url`. */
export type TestedS3Server = {
  name: string;
  packages?: DebianServer;
  start: () => Promise<{ url: string; accessKey: S3Keys; dispose: () => Promise<void> }>;
  refuses: RefusedDocuments;
};

export const s3Servers: readonly TestedS3Server[] = [
  { name: "s3rver", start: async () => ({ ...(await startS3Server()), accessKey }), refuses: "new and changed" },
  { name: "Ceph RADOS Gateway", packages: "RADOS Gateway", start: () => startRadosGateway(), refuses: "new and changed" },
  { name: "Ceph RADOS Gateway, versions kept", packages: "RADOS Gateway", start: () => startRadosGateway({ objectLock: true }), refuses: "changed" },
];
