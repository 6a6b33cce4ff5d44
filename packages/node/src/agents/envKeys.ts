import { assertShape, BackupError, type KeyStore } from "@xmtp-backup/core";
import { parseKeyFile } from "../keys/parseKeyFile.ts";

export type EnvKeysOptions = {
  /** The variable's name. @default "XMTP_BACKUP_KEY" */
  name?: string;
};

/**
 * Reads archive keys from an environment variable: 64 hex digits each, the newest first, with a comma between two.
 *
 * The variable can't be written, so no key is made: make one with `openssl rand -hex 32`. To rotate, put a new key in front and keep the old ones.
 * Keep a copy that outlives the place where the variable is set: nobody can read the archives of a lost key.
 *
 * @throws OPTIONS_INVALID when an option is unknown, or the name is no text
 * @throws KEY_MISSING when the variable is not set
 *
 * @example
 * ```ts
 * import { envKeys } from "@xmtp-backup/node/agents";
 *
 * const keys = envKeys({ name: "AGENT_BACKUP_KEY" });
 * ```
 */
export function envKeys(options: EnvKeysOptions = {}): KeyStore {
  assertShape("envKeys", options, { name: "text?" });
  const { name = "XMTP_BACKUP_KEY" } = options;
  return {
    async load({ signal, onUnusable } = {}) {
      signal?.throwIfAborted();
      const words = (process.env[name] ?? "").split(/[\s,]+/).map((word) => word.replace(/^0x/i, ""));
      const lines = parseKeyFile(Buffer.from(words.join("\n")));
      if (lines.length === 0) throw notSet(name);
      return lines.flatMap((line) => {
        if ("key" in line) return [line.key];
        onUnusable?.(`A key in ${name} is not 64 hex digits, or all zeros.`);
        return [];
      });
    },
    async add() {
      throw notSet(name);
    },
  };
}

function notSet(name: string): BackupError {
  return new BackupError("KEY_MISSING", `The environment variable ${name} holds no archive key.`, {
    details: `Set it to 32 random bytes in hex, such as openssl rand -hex 32 makes.`,
  });
}
