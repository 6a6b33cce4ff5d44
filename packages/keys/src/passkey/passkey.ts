import { assertShape, BackupError, type CallOptions } from "@xmtp-backup/core";
import { fromBase64, toBase64 } from "../util/bytes.ts";
import type { LockedSlot, SlotKey } from "../slots/slotKey.ts";
import { askAuthenticator } from "./askAuthenticator.ts";

export type PasskeyOptions = {
  /** The app's name, which the browser shows. */
  appName: string;
  /** What the browser calls the passkey in its list, such as the user's address. */
  userName: string;
  /** The domain for which the passkey is made: the page's own, or a suffix of it. @default the page's own */
  rpId?: string;
};

const saltBytes = 32;

/**
 * A slot of a key ring that a passkey opens, by its pseudo-random function (WebAuthn PRF). The authenticator makes 32 bytes of a salt,
 * each time the same.
 *
 * It works on the app's own domain alone, in browsers and with authenticators that have PRF. It is lost with the account or the device
 * that keeps the passkey. So it must not be the only slot. A new slot makes a new passkey, and may ask twice.
 *
 * @throws OPTIONS_INVALID when an option is missing, unknown or no text
 * @throws PASSKEY_UNSUPPORTED when the browser or the authenticator has no PRF
 * @throws SLOT_FAILED when the prompt is dismissed or times out
 *
 * @example
 * ```ts
 * import type { KeyRing } from "@xmtp-backup/keys";
 * import { passkey } from "@xmtp-backup/keys/passkey";
 *
 * const add = (ring: KeyRing) => ring.addSlot(passkey({ appName: "Chat", userName: "alice.eth" }));
 * ```
 */
export function passkey(options: PasskeyOptions): SlotKey {
  assertShape("passkey", options, { appName: "text", userName: "text", rpId: "text?" });
  const { appName, userName, rpId = location.hostname } = options;
  return {
    kind: "passkey",

    async create(options = {}) {
      const salt = random(saltBytes);
      const made = await createCredential(salt, options);
      const credentialId = toBase64(new Uint8Array(made.rawId));
      // Some authenticators make the secret only when they are asked with a passkey that is there.
      const secret = prfResult(made) ?? (await evaluate([{ credentialId, salt: toBase64(salt) }], options)).secret;
      return { secret, parameters: { rpId, credentialId, salt: toBase64(salt) } };
    },

    async *unlock(slots, options = {}) {
      const own = slots.filter(isPasskeySlot).filter(({ parameters }) => parameters.rpId === rpId);
      if (own.length === 0) return;
      const { credentialId, secret } = await evaluate(
        own.map(({ parameters }) => parameters),
        options,
      );
      const slot = own.find(({ parameters }) => parameters.credentialId === credentialId);
      if (slot) yield { id: slot.id, secret };
    },
  };

  async function createCredential(salt: Uint8Array<ArrayBuffer>, options: CallOptions): Promise<PublicKeyCredential> {
    const made = await askAuthenticator("create", options, {
      challenge: random(32),
      rp: { id: rpId, name: appName },
      user: { id: random(16), name: userName, displayName: userName },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      extensions: { prf: { eval: { first: salt } } },
    });
    if (made.getClientExtensionResults().prf?.enabled) return made;
    throw unsupported();
  }

  /** One prompt for all slots: the user chooses the passkey. */
  async function evaluate(passkeys: readonly { credentialId: string; salt: string }[], options: CallOptions) {
    const evalByCredential = Object.fromEntries(
      passkeys.map(({ credentialId, salt }) => [toBase64Url(credentialId), { first: fromBase64(salt) }]),
    );
    const answer = await askAuthenticator("get", options, {
      challenge: random(32),
      rpId,
      allowCredentials: passkeys.map(({ credentialId }) => ({ type: "public-key", id: fromBase64(credentialId) })),
      userVerification: "required",
      extensions: { prf: { evalByCredential } },
    });
    const secret = prfResult(answer);
    if (!secret) throw unsupported();
    return { credentialId: toBase64(new Uint8Array(answer.rawId)), secret };
  }
}

type PasskeySlot = LockedSlot & { parameters: { rpId: string; credentialId: string; salt: string } };

function isPasskeySlot(slot: LockedSlot): slot is PasskeySlot {
  const { parameters } = slot;
  return ["rpId", "credentialId", "salt"].every((name) => typeof parameters[name] === "string");
}

function prfResult(credential: PublicKeyCredential): Uint8Array | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (!first) return undefined;
  return first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
}

function unsupported(): BackupError {
  return new BackupError("PASSKEY_UNSUPPORTED", "This passkey can't keep a key: it has no pseudo-random function (PRF).");
}

function toBase64Url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}
