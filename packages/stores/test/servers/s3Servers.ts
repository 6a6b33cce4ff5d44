import type { DebianServer } from "../../../../scripts/debianServers.ts";
import type { S3Keys } from "../../src/s3/index.ts";
import { accessKey, startS3Server } from "../s3/s3Server.ts";
import { startRadosGateway } from "./radosGateway.ts";
import type { TestedServer } from "./testedServer.ts";

/** A server of S3 that the store is tested against, with an empty bucket at `url`. */
export type TestedS3Server = TestedServer & {
  packages?: DebianServer;
  start: () => Promise<{ url: string; accessKey: S3Keys; dispose: () => Promise<void> }>;
};

export const s3Servers: readonly TestedS3Server[] = [
  {
    name: "s3rver",
    version: "5.0",
    inPage: true,
    start: async () => ({ ...(await startS3Server()), accessKey }),
    orders: "new and changed",
  },
  { name: "Ceph RADOS Gateway", version: "16.2", packages: "RADOS Gateway", start: () => startRadosGateway(), orders: "new and changed" },
  {
    name: "Ceph RADOS Gateway, versions kept",
    version: "16.2",
    packages: "RADOS Gateway",
    start: () => startRadosGateway({ objectLock: true }),
    orders: "changed",
  },
];
