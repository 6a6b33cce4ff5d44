import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export type KeychainTask = {
  service: string;
  account: string;
  /** To be added, in hex. */
  key?: string;
  /** As where @napi-rs/keyring is not installed. */
  withoutModule?: boolean;
};

/** What a process that has never asked the keychain before was told: `yes`, keys in hex, or the codes of errors. */
export type KeychainReport = { available: string; loaded: string | string[]; added: string; said: string };

const script = fileURLToPath(new URL("./keychainChild.ts", import.meta.url));

/** Asks for availability, then for the keys, then adds one, in a process of its own; without an address it knows no session bus. */
export async function keychainInChild(task: KeychainTask, address?: string): Promise<KeychainReport> {
  const env: NodeJS.ProcessEnv = { PATH: process.env["PATH"], ...(address !== undefined && { DBUS_SESSION_BUS_ADDRESS: address }) };
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@xmtp-backup/source", script, JSON.stringify(task)], {
    env,
  });
  return JSON.parse(stdout) as KeychainReport;
}
