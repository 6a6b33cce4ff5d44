import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";
import { listen } from "../loopback.ts";
import { conditionalWrites } from "./conditionalWrites.ts";
import { knownUploads } from "./knownUploads.ts";

export const bucketName = "backups";
/** The access key that this server knows. */
export const accessKey = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };

export type S3ServerOptions = {
  /** Conditions of writes, and lists of uploads under way, as the API reference of S3 has them: the server itself has neither. @default true */
  extended?: boolean;
  /** Whether it compares before it writes. @default as `extended` says */
  conditions?: boolean;
};

/** A real S3-compatible server on loopback, over a folder of its own: it checks every signature. */
export async function startS3Server({ extended = true, conditions = extended }: S3ServerOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), "xmtp-backup-s3-"));
  const server = new S3rver({
    directory,
    silent: true,
    vhostBuckets: false,
    port: 0,
    address: "127.0.0.1",
    configureBuckets: [{ name: bucketName }],
  });
  if (extended) server.middleware.unshift(knownUploads());
  if (conditions) server.middleware.unshift(conditionalWrites(server));
  await server.configureBuckets();
  const { url, close } = await listen(server.callback());
  const dispose = async () => {
    await close();
    await rm(directory, { recursive: true, force: true });
  };
  return { url: `${url}/${bucketName}`, directory, dispose };
}
