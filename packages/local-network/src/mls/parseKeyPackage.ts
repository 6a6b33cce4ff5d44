import { createReader, MlsFormatError } from "./createReader.ts";

const protocolVersion = 1;

/** What the network reads of a key package. */
export type ParsedKeyPackage = {
  /** The signature key of the leaf, which is the installation's id. */
  installationKey: Uint8Array;
};

/**
 * Reads the start of a KeyPackage (RFC 9420, section 10): version, cipher suite, init key, encryption key, signature key.
 *
 * @throws {MlsFormatError} when the bytes are anything else.
 */
export function parseKeyPackage(keyPackage: Uint8Array): ParsedKeyPackage {
  const reader = createReader(keyPackage);
  if (reader.uint(2) !== protocolVersion) throw new MlsFormatError("not an MLS 1.0 key package");
  reader.skip(2); // cipher suite
  reader.vector(); // init key
  reader.vector(); // encryption key of the leaf
  const installationKey = reader.vector();
  if (installationKey.length === 0) throw new MlsFormatError("signature key is empty");
  return { installationKey };
}
