/** What XMTP's archives seldom need, loaded when one does: ciphertext is stored as it is, and has no checksum. */
export { BlockDecoder } from "./blockDecoder.ts";
export { Xxh64 } from "./xxh64.ts";
