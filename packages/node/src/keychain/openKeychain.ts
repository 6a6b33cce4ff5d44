import { BackupError } from "@xmtp-backup/core";
import type { AsyncEntry } from "@napi-rs/keyring";

/** What the system's keychain keeps for one app and the user who is signed in: bytes of text, each under a name. */
export type Keychain = {
  /** Bytes that are the caller's to overwrite; undefined when nothing has this name. @throws KEYCHAIN_UNAVAILABLE */
  read(name: string): Promise<Uint8Array | undefined>;
  /** @throws KEYCHAIN_UNAVAILABLE */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Opens a keychain that shows nothing while it is locked, as KeePassXC does: what seems not to be there may be there afterwards.
   *
   * @throws KEYCHAIN_UNAVAILABLE when it stays locked
   */
  unlock(): Promise<void>;
};

const notOpen = "The system's keychain did not open.";

export function openKeychain(service: string): Keychain {
  /** Each holds a connection to the keychain, so that one serves for all calls. */
  const entries = new Map<string, AsyncEntry>();

  async function ask<T>(name: string, run: (entry: AsyncEntry) => Promise<T>): Promise<T> {
    const known = entries.get(name);
    const entry = known ?? (await entryOf(service, name));
    entries.set(name, entry);
    try {
      return await run(entry);
    } catch (error) {
      entries.delete(name);
      if (known && isDisconnected(error)) return ask(name, run);
      throw unavailable(notOpen, error);
    }
  }

  return {
    read: (name) =>
      ask(name, async (entry) => {
        const given = await entry.getSecret();
        if (!given) return undefined;
        const bytes = Uint8Array.from(given);
        given.fill(0);
        return bytes;
      }),
    write: (name, bytes) => ask(name, (entry) => entry.setSecret(bytes)),
    async unlock() {
      if (process.platform === "darwin" || process.platform === "win32") return;
      // A name of its own each time, since two processes that make one entry at once would make two.
      const entry = await entryOf(service, `unlocking-${crypto.randomUUID()}`);
      try {
        await entry.setSecret(Buffer.from("-"));
        await entry.deleteCredential();
      } catch (error) {
        throw unavailable(notOpen, error);
      }
    },
  };
}

/**
 * A place in the keychain, without a look at what lies there: the user is asked for nothing.
 *
 * On Linux that is the Secret Service and nothing else. Left to itself the library takes the kernel's keyring where there is
 * none, and what lies there is gone when the machine restarts.
 *
 * @throws KEYCHAIN_UNAVAILABLE when there is no keychain, or no module to ask it with
 */
export async function entryOf(service: string, name: string): Promise<AsyncEntry> {
  const { AsyncEntry } = await import("@napi-rs/keyring").catch((error: unknown) => {
    throw unavailable("The module @napi-rs/keyring, which asks the system's keychain, can't be loaded.", error);
  });
  try {
    return new AsyncEntry(service, name, { linux: { store: "secret-service" } });
  } catch (error) {
    throw unavailable("There is no keychain here.", error);
  }
}

/** Whether the keychain was restarted since the connection was made. */
function isDisconnected(error: unknown): boolean {
  return error instanceof Error && error.message.includes("DBus error");
}

function unavailable(shortMessage: string, cause: unknown): BackupError {
  const [reason = ""] = cause instanceof Error ? cause.message.split("\n") : [];
  return new BackupError("KEYCHAIN_UNAVAILABLE", shortMessage, { cause, details: `The system says: ${reason}.` });
}
