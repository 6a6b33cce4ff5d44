import { decodeMessage } from "../protobuf/messageCodec.ts";
import { WireError } from "../protobuf/wireReader.ts";
import { type EncodedContent, encodedContentSpec } from "./contentSpecs.ts";
import { inflate } from "./inflate.ts";

/** The most bytes that a body may inflate to: what people read, or what only names a few ids and is read for every such message. */
const most = { large: 4_194_304, small: 65_536 } as const;
/** Content that people read may always inflate to this much; beyond, to no more than a text does. */
const LEAST_OF_LARGE = 1_048_576;

/** Texts inflate to some ten times their size; what was made to be huge, to a thousand times. */
const mostFor = (bytes: Uint8Array, size: keyof typeof most): number =>
  Math.min(most[size], Math.max(size === "large" ? LEAST_OF_LARGE : 4096, 64 * bytes.length));

/**
 * Decodes a message's encoded content, whose body was compressed or not.
 *
 * One that can't be inflated keeps its compressed body and says so, for its type and its fallback.
 *
 * @param size - how much the body may hold
 * @throws WireError when the bytes are no encoded content
 */
export const readContent = (bytes: Uint8Array, size: keyof typeof most = "large"): EncodedContent => {
  const encoded = decodeMessage(encodedContentSpec, bytes) as EncodedContent;
  const { compression, content } = encoded;
  if (compression !== "deflate" && compression !== "gzip") return encoded;
  try {
    const { compression: _, ...rest } = encoded;
    return { ...rest, content: inflate(content, compression, mostFor(content, size)) };
  } catch (error) {
    if (error instanceof WireError) return encoded;
    throw error;
  }
};
