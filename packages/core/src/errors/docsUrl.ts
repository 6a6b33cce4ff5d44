import type { BackupErrorCode } from "./errorCodes.ts";

const docsBase = "https://github.com/xmtp-backup/xmtp-backup/blob/main/docs";

/** Where the docs explain a code, relative to their root. */
export const docsPathOf = (code: BackupErrorCode): string => `errors.md#${code.toLowerCase()}`;

/** The page that explains a code. */
export const docsUrlOf = (code: BackupErrorCode): string => `${docsBase}/${docsPathOf(code)}`;
