export const fingerprintBytes = 8;

/** What an archive key does for the manifests of its archives; nothing here reveals the archive key. */
export type ManifestKey = {
  fingerprint: string;
  /** Seals and opens their details (AES-256-GCM). */
  sealing: Awaited<ReturnType<typeof sealingKey>>;
};

export async function toManifestKey(archiveKey: Uint8Array): Promise<ManifestKey> {
  const [fingerprint, sealing] = await Promise.all([fingerprintOf(archiveKey), sealingKey(archiveKey)]);
  return { fingerprint, sealing };
}

/** As `keyFingerprint`, by the platform: code that can wait for it loads no hash. */
export async function fingerprintOf(archiveKey: Uint8Array): Promise<string> {
  const bits = await crypto.subtle.deriveBits(hkdf("fingerprint"), await importKey(archiveKey, "deriveBits"), fingerprintBytes * 8);
  return Array.from(new Uint8Array(bits), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sealingKey(archiveKey: Uint8Array) {
  const aes = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(hkdf("manifest"), await importKey(archiveKey, "deriveKey"), aes, false, ["encrypt", "decrypt"]);
}

/** What a derived key is for: it reveals neither the archive key nor any key for another purpose. */
export function purposeOf(name: "fingerprint" | "manifest"): string {
  return `xmtp-backup/${name}/v1`;
}

function hkdf(purpose: Parameters<typeof purposeOf>[0]) {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(purposeOf(purpose)) };
}

/** The platform's copy of an archive key, which no script can read; ours is overwritten. */
async function importKey(archiveKey: Uint8Array, usage: "deriveBits" | "deriveKey") {
  const copy = new Uint8Array(archiveKey);
  try {
    return await crypto.subtle.importKey("raw", copy, "HKDF", false, [usage]);
  } finally {
    copy.fill(0);
  }
}
