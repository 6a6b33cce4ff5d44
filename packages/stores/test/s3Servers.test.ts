import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { s3Store, type S3StoreOptions } from "../src/s3/index.ts";
import { startRadosGateway } from "./servers/radosGateway.ts";
import { testServer } from "./servers/testServer.ts";

const gateway = testServer("RADOS Gateway", startRadosGateway);

const newPrefix = () => `inboxes/${crypto.randomUUID()}/`;
const storeAt = (url: string, options: Partial<S3StoreOptions> = {}) => s3Store({ url, retries: 0, partBytes: 256 * 1024, credentials: gateway.now().accessKey, prefix: newPrefix(), ...options });

const setUp = async () => {
  const prefix = newPrefix();
  const reopen = () => storeAt(gateway.now().url, { prefix });
  return { store: reopen(), reopen };
};

gateway.runContract("s3Store at RADOS Gateway", archiveStoreContract(setUp, { usage: false }));
gateway.runContract("documents of s3Store at RADOS Gateway", storeDocumentsContract(setUp));
