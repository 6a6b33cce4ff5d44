import { BackupError, breathe } from "@xmtp-backup/core";
import { boundedChunksOf } from "../transport/readBounded.ts";
import type { Reading } from "../transport/reading.ts";
import { elementReader, type XmlElement, type XmlOptions, type XmlRoot } from "./elementReader.ts";

export type { XmlElement } from "./elementReader.ts";

/** What is read at one go, in bytes: some milliseconds, after which whatever else waits has its turn. */
const pieceBytes = 32 * 1024;

/**
 * The answer as XML, its root element being `root`. It is read as it comes, so that a long one neither lies in memory whole nor holds the thread.
 *
 * @throws STORE_FAILED when it is no such XML, or has more than `maxBytes`
 */
export async function readXml(reading: Reading, maxBytes: number, root: string, options: XmlOptions = {}): Promise<XmlElement> {
  const [reader, decoder] = [elementReader(options), new TextDecoder()];
  for await (const chunk of boundedChunksOf(reading, maxBytes)) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const text = decoder.decode(chunk.subarray(at, at + pieceBytes), { stream: true });
      orRefuse(() => reader.write(text));
      await breathe();
    }
  }
  const { name, element } = orRefuse(() => {
    reader.write(decoder.decode());
    return reader.end();
  });
  if (name !== root) throw refused();
  return element;
}

/** What a short XML says; undefined when it is none, or declares what could be expanded without an end. */
export function parseXml(text: string): XmlRoot | undefined {
  const reader = elementReader();
  try {
    reader.write(text);
    return reader.end();
  } catch {
    return undefined;
  }
}

/** The text of an element's first child of this name, as it is written; empty where there is none. */
export function textOf(element: XmlElement | undefined, name: string): string {
  return element?.children.get(name)?.[0]?.text ?? "";
}

/** The same without the spaces around it, for what is no name. */
export function wordOf(element: XmlElement | undefined, name: string): string {
  return textOf(element, name).trim();
}

/** The word at the end of a path of first children. */
export function wordAt(element: XmlElement | undefined, ...path: string[]): string {
  return path.reduce<XmlElement | undefined>((inner, name) => inner?.children.get(name)?.[0], element)?.text.trim() ?? "";
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.get(name) ?? [];
}

function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw refused();
  }
}

function refused(): BackupError {
  return new BackupError("STORE_FAILED", "The server's answer was refused.", { details: "It is not what this store's protocol says." });
}
