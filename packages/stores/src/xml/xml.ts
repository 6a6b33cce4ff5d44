import { BackupError } from "@xmtp-backup/core";
import { XMLParser } from "fast-xml-parser";
import { readBounded } from "../transport/readBounded.ts";
import type { Reading } from "../transport/transport.ts";

/** An element: its text, or its children by their names; always as a list, since one and several look alike in XML. */
export type XmlElement = { [name: string]: (string | XmlElement)[] };

const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, isArray: () => true, removeNSPrefix: true });

/** The answer as XML, its root element being `root`. */
export async function readXml(reading: Reading, maxBytes: number, root: string): Promise<XmlElement> {
  const text = new TextDecoder().decode(await readBounded(reading, maxBytes));
  const element = parseXml(text)?.[root]?.[0];
  if (element === undefined) throw new BackupError("STORE_FAILED", "The server's answer was refused.", { details: "It is not what this store's protocol says." });
  return typeof element === "string" ? {} : element;
}

/** What XML says; undefined when it is none, or declares what could be expanded without an end. */
export function parseXml(text: string): XmlElement | undefined {
  if (text.includes("<!DOCTYPE") || text.includes("<!ENTITY")) return undefined;
  try {
    // Servers send spaces while they work, some of them before the XML begins.
    return parser.parse(text.trim(), true) as XmlElement;
  } catch {
    return undefined;
  }
}

export function textOf(element: XmlElement | undefined, name: string): string {
  const text = element?.[name]?.[0];
  return typeof text === "string" ? text : "";
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return (element[name] ?? []).filter((each) => typeof each !== "string");
}
