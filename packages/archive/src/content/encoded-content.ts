import { decodeMessage } from "../protobuf/codec.ts";
import { WireError } from "../protobuf/wire.ts";
import { type EncodedContent, encodedContentSpec } from "./content-specs.ts";
import { inflate } from "./inflate.ts";

/** Most bytes that one message's body may inflate to. */
const MOST_BYTES = 4_194_304;

/** Texts inflate to some ten times their size; what was made to be huge, to a thousand times. */
const mostFor = (bytes: Uint8Array): number => Math.min(MOST_BYTES, 4096 + 64 * bytes.length);

/**
 * Decodes a message's encoded content, whose body was compressed or not.
 *
 * One that can't be inflated keeps its compressed body and says so, for its type and its fallback.
 *
 * @throws WireError when the bytes are no encoded content
 */
export const readContent = (bytes: Uint8Array): EncodedContent => {
  const encoded = decodeMessage(encodedContentSpec, bytes) as EncodedContent;
  const { compression, content } = encoded;
  if (compression !== "deflate" && compression !== "gzip") return encoded;
  try {
    const { compression: _, ...rest } = encoded;
    return { ...rest, content: inflate(content, compression, mostFor(content)) };
  } catch (error) {
    if (error instanceof WireError) return encoded;
    throw error;
  }
};
