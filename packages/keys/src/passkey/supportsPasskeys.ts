/**
 * Whether this browser says that passkeys with a pseudo-random function (PRF) work here. Undefined when it does not tell, so that trying
 * is the only way to know.
 *
 * @example
 * ```ts
 * import { supportsPasskeys } from "@xmtp-backup/keys/passkey";
 *
 * const mayOffer = (await supportsPasskeys()) !== false;
 * ```
 */
export async function supportsPasskeys(): Promise<boolean | undefined> {
  if (typeof PublicKeyCredential === "undefined") return false;
  const { getClientCapabilities } = PublicKeyCredential as { getClientCapabilities?: () => Promise<Record<string, boolean>> };
  const capabilities = await getClientCapabilities?.call(PublicKeyCredential);
  return capabilities?.["extension:prf"];
}
