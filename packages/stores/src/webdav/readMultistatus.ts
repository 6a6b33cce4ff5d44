import { timeMs } from "../transport/serverTime.ts";
import { readXml, childrenOf, textOf, type XmlElement } from "../xml/xml.ts";
import type { Reading } from "../transport/transport.ts";

/** WebDAV lists in one answer. At Apache an archive and its manifest take 1,064 bytes of it: this is some 60,000 archives. */
const maxListBytes = 64 * 1024 * 1024;

/** What a server tells of a file or folder; `name` is empty for the folder itself. */
export type DavResource = { name: string; isFolder: boolean; size: number; writtenMs: number | undefined; usedBytes: number | undefined; availableBytes: number | undefined };

/** The resources of a 207 that lie in the folder at `base`; whatever else the server names is not ours. */
export async function readMultistatus(reading: Reading, base: URL): Promise<DavResource[]> {
  const multistatus = await readXml(reading, maxListBytes, "multistatus");
  return childrenOf(multistatus, "response").flatMap((response) => {
    const name = nameIn(base, textOf(response, "href").trim());
    const propstat = childrenOf(response, "propstat").find((each) => / 200( |$)/.test(textOf(each, "status")));
    const [prop] = propstat ? childrenOf(propstat, "prop") : [];
    if (name === undefined || !prop) return [];
    const [type] = childrenOf(prop, "resourcetype");
    const resource: DavResource = {
      name,
      isFolder: type !== undefined && "collection" in type,
      size: numberOf(textOf(prop, "getcontentlength")) ?? 0,
      writtenMs: writtenMs(prop),
      usedBytes: numberOf(textOf(prop, "quota-used-bytes")),
      availableBytes: numberOf(textOf(prop, "quota-available-bytes")),
    };
    return [resource];
  });
}

/**
 * When a file was written at the server. A program that syncs a folder with Nextcloud keeps the time of the change, by the clock of the
 * device that made it: the time of the upload is beside it.
 */
function writtenMs(prop: XmlElement): number | undefined {
  const modifiedMs = timeMs(textOf(prop, "getlastmodified"));
  const uploadedS = numberOf(textOf(prop, "upload_time")) ?? 0;
  return modifiedMs === undefined ? undefined : Math.max(modifiedMs, uploadedS * 1000);
}

function nameIn(base: URL, href: string): string | undefined {
  if (!URL.canParse(href, base.href)) return undefined;
  const { origin, pathname } = new URL(href, base);
  const [folder, path] = [base.pathname, pathname].map(decoded);
  if (origin !== base.origin || folder === undefined || path === undefined) return undefined;
  if (`${path}/` === folder) return "";
  if (!path.startsWith(folder)) return undefined;
  const name = path.slice(folder.length).replace(/\/$/, "");
  return name.includes("/") ? undefined : name;
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
