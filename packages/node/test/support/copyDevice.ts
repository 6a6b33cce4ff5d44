import { copyFile, rm } from "node:fs/promises";

const endings = ["", "-wal", "-shm", ".sqlcipher_salt"];

/** Copies the database of a closed client, as a device that was set up before. */
export async function copyDevice(fromPath: string, toPath: string): Promise<void> {
  await Promise.all(endings.map((ending) => copyFile(fromPath + ending, toPath + ending).catch(() => undefined)));
}

/** Deletes a client's database and nothing else. */
export async function deleteDevice(path: string): Promise<void> {
  await Promise.all(endings.map((ending) => rm(path + ending, { force: true })));
}
