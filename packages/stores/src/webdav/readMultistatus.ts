import { timeMs } from "../transport/serverTime.ts";
import { childrenOf, readXml, wordAt, wordOf, type XmlElement } from "../xml/xml.ts";
import type { Reading } from "../transport/reading.ts";

/** WebDAV lists in one answer. At Apache an archive and its manifest take 1,064 bytes of it: this is some 60,000 archives. */
const maxListBytes = 64 * 1024 * 1024;
export const davNamespace = "DAV:";
const uploadTime = "http://nextcloud.org/ns upload_time";

/**
 * What a server says about a file or folder. `href` is how it names it itself, `name` what it is called in the folder that was asked for,
 * if it lies there.
 */
export type DavResource = {
  href: string;
  name: string | undefined;
  isFolder: boolean;
  size: number;
  etag: string | undefined;
  writtenMs: number | undefined;
  usedBytes: number | undefined;
  availableBytes: number | undefined;
};

/** The resources of a 207, in the server's order. */
export async function readMultistatus(reading: Reading, nameOf: (href: string) => string | undefined): Promise<DavResource[]> {
  const found: DavResource[] = [];
  const take = (response: XmlElement) => {
    const propstat = childrenOf(response, "propstat").find((each) => / 200( |$)/.test(wordOf(each, "status")));
    const [prop] = propstat ? childrenOf(propstat, "prop") : [];
    if (!prop) return;
    const href = wordOf(response, "href");
    found.push(resourceOf(href, nameOf(href), prop));
  };
  await readXml(reading, maxListBytes, "multistatus", { namespace: davNamespace, each: { name: "response", take } });
  return found;
}

function resourceOf(href: string, name: string | undefined, prop: XmlElement): DavResource {
  const [type] = childrenOf(prop, "resourcetype");
  return {
    href,
    name,
    isFolder: type !== undefined && childrenOf(type, "collection").length > 0,
    size: numberOf(wordOf(prop, "getcontentlength")) ?? 0,
    etag: wordAt(prop, "getetag") || undefined,
    writtenMs: writtenMs(prop),
    usedBytes: numberOf(wordOf(prop, "quota-used-bytes")),
    availableBytes: numberOf(wordOf(prop, "quota-available-bytes")),
  };
}

/**
 * When a file was written at the server. A program that syncs a folder with Nextcloud keeps the time of the change, by the clock of the
 * device that made it. The time of the upload is beside it.
 */
function writtenMs(prop: XmlElement): number | undefined {
  const modifiedMs = timeMs(wordOf(prop, "getlastmodified"));
  const uploadedS = numberOf(wordOf(prop, uploadTime)) ?? 0;
  return modifiedMs === undefined ? undefined : Math.max(modifiedMs, uploadedS * 1000);
}

/** The name of a resource in the folder at `base`, empty for the folder itself; undefined for whatever lies elsewhere. */
export function nameIn(base: URL, href: string): string | undefined {
  const [folder, path] = [decoded(base.pathname), decoded(pathAt(base, href) ?? "%")];
  if (folder === undefined || path === undefined) return undefined;
  if (`${path}/` === folder) return "";
  if (!path.startsWith(folder)) return undefined;
  const name = path.slice(folder.length).replace(/\/$/, "");
  return name.includes("/") ? undefined : name;
}

/** A path that says the same whatever it is resolved against: most are such ones, and a list has tens of thousands. */
const plainPath = /^(?:\/[\w~-][\w.~%-]*)+\/?$/;

function pathAt(base: URL, href: string): string | undefined {
  if (plainPath.test(href)) return href;
  if (!URL.canParse(href, base.href)) return undefined;
  const { origin, pathname } = new URL(href, base);
  return origin === base.origin ? pathname : undefined;
}

/** The last name in the path of a resource. */
export function lastOf(href: string): string {
  return decoded(href.replace(/\/+$/, "").replace(/^.*\//s, "")) ?? "";
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function numberOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
