import { type CallOptions, keyFingerprint, type KeyStore, type ManifestReader, manifestReader, usableKeys } from "@xmtp-backup/core";

type DerivedKey = { fingerprint: string; mac: Awaited<ReturnType<typeof macKey>> };

/** What the archive keys of this device prove. It holds keys that are derived from them, and never the archive keys. */
export type KeysAtHand = {
  /** Whether the app gave the mirror a key store, which proofs need. */
  isGiven: boolean;
  /** Looks which keys there are; where the key store fails, those that were there before stay. */
  load(options: CallOptions): Promise<void>;
  /** The fingerprint of the newest key. */
  newest(): string | undefined;
  /** How many keys are newer than this one; `Infinity` for one that is not at hand. */
  rank(fingerprint: string): number;
  read: ManifestReader;
  /** Vouches for a text, as Base64; undefined without that key. */
  sign(fingerprint: string, text: string): Promise<string | undefined>;
  isSigned(fingerprint: string, text: string, mac: string): Promise<boolean>;
};

export function keysAtHand(keys: KeyStore | undefined): KeysAtHand {
  let derived: readonly DerivedKey[] = [];
  let reader = manifestReader([]);
  const macOf = (fingerprint: string) => derived.find((key) => key.fingerprint === fingerprint)?.mac;

  return {
    isGiven: keys !== undefined,
    async load(options) {
      const loaded = await ask(keys, options);
      options.signal?.throwIfAborted();
      if (!loaded) return;
      try {
        // A bad key among them must not keep the places from being read.
        const usable = usableKeys(loaded);
        const fingerprints = usable.map(keyFingerprint);
        if (fingerprints.join() === derived.map(({ fingerprint }) => fingerprint).join()) return;
        const macs = await Promise.all(usable.map(macKey));
        reader = Promise.resolve(await manifestReader(usable));
        derived = fingerprints.flatMap((fingerprint, index) => (macs[index] ? [{ fingerprint, mac: macs[index] }] : []));
      } finally {
        for (const key of loaded) if (key instanceof Uint8Array) key.fill(0);
      }
    },
    newest: () => derived[0]?.fingerprint,
    rank(fingerprint) {
      const index = derived.findIndex((key) => key.fingerprint === fingerprint);
      return index < 0 ? Infinity : index;
    },
    read: async (id, manifest) => (await reader)(id, manifest),
    async sign(fingerprint, text) {
      const mac = macOf(fingerprint);
      return mac && toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", mac, utf8(text))));
    },
    async isSigned(fingerprint, text, mac) {
      const key = macOf(fingerprint);
      const bytes = key && fromBase64(mac);
      return key !== undefined && bytes !== undefined && crypto.subtle.verify("HMAC", key, bytes, utf8(text));
    },
  };
}

/** What a key store lends, whatever it is; undefined where it fails. */
async function ask(keys: KeyStore | undefined, options: CallOptions): Promise<unknown[] | undefined> {
  try {
    const lent: unknown = await keys?.load(options);
    return Array.isArray(lent) ? lent : undefined;
  } catch {
    return undefined;
  }
}

/** A key for a mirror's notes alone (HKDF-SHA-256), which reveals neither the archive key nor any other that is derived from it. */
async function macKey(archiveKey: Uint8Array) {
  const secret = await crypto.subtle.importKey("raw", new Uint8Array(archiveKey), "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8("xmtp-backup/mirror/v1") };
  return crypto.subtle.deriveKey(derivation, secret, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign", "verify"]);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
