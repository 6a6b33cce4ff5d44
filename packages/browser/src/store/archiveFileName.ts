import type { ArchiveOutline } from "@xmtp-backup/core";

/** What an archive is called where the app does not give its name. */
export const defaultAppName = "XMTP backup";

/** What no file system, or not every one, takes in a name: separators, wildcards, control characters. */
const forbidden = /[\p{Cc}\p{Cf}/\\:*?"<>|]/gu;

/** A name that tells a person which archive it is, such as `Messenger 2026-03-29 14.05.xmtp`; the time is the reader's own. */
export function archiveFileName(app: string, { createdAtMs }: Pick<ArchiveOutline, "createdAtMs">): string {
  const at = new Date(createdAtMs);
  const [month, day, hours, minutes] = [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes()].map((part) =>
    String(part).padStart(2, "0"),
  );
  const name =
    app
      .replace(forbidden, " ")
      .replace(/\s+/g, " ")
      .replace(/^[. ]+/, "")
      .trim() || defaultAppName;
  return `${name} ${at.getFullYear()}-${month}-${day} ${hours}.${minutes}.xmtp`;
}
