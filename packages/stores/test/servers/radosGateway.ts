import { AwsClient } from "aws4fetch";
import type { S3Keys } from "../../src/s3/index.ts";
import { startCephCluster } from "./cephCluster.ts";
import { freePort } from "./freePort.ts";
import { answersAt, untilReady } from "./startProgram.ts";

export type BucketOptions = {
  /** Whether the bucket keeps versions, and can lock them against removal. @default false */
  objectLock?: boolean;
};

/** Ceph's gateway: a real server of S3 on a free port of loopback, with a first bucket at `url`; `accessKey` owns what is made here. */
export async function startRadosGateway(options: BucketOptions = {}) {
  const cluster = await startCephCluster();
  const origin = `http://127.0.0.1:${await freePort()}`;

  /** Another user of the gateway, who owns no bucket: what it may do is up to a bucket's policy. */
  async function createUser(name: string): Promise<S3Keys> {
    const accessKey = { accessKeyId: `AK${name.toUpperCase()}`, secretAccessKey: crypto.randomUUID() };
    await cluster.run(
      "radosgw-admin",
      "user",
      "create",
      `--uid=${name}`,
      `--display-name=${name}`,
      `--access-key=${accessKey.accessKeyId}`,
      `--secret=${accessKey.secretAccessKey}`,
    );
    return accessKey;
  }

  try {
    const accessKey = await createUser("owner");
    const client = new AwsClient({ ...accessKey, service: "s3", region: "us-east-1", retries: 0 });
    const { program, log } = cluster.start("radosgw", "-n", "client.admin", `--rgw-frontends=beast endpoint=${new URL(origin).host}`);
    await untilReady(program, answersAt(origin), log);

    /** Makes a request as the owner, for what no store asks: rules of a bucket, its versions. */
    async function ask(method: string, url: string, body?: string, headers: Record<string, string> = {}): Promise<string> {
      const response = await client.fetch(url, { method, headers, ...(body !== undefined && { body }) });
      const text = await response.text();
      if (!response.ok) throw new Error(`The gateway answered ${response.status}: ${text}`);
      return text;
    }

    /** Makes a bucket and gives its address. */
    async function createBucket({ objectLock = false }: BucketOptions = {}): Promise<string> {
      const url = `${origin}/${crypto.randomUUID()}`;
      await ask("PUT", url, undefined, objectLock ? { "x-amz-bucket-object-lock-enabled": "true" } : {});
      return url;
    }

    return { url: await createBucket(options), accessKey, createUser, createBucket, ask, dispose: cluster.dispose };
  } catch (error) {
    await cluster.dispose();
    throw error;
  }
}
