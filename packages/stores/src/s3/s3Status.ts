import { parseXml, wordOf } from "../xml/xml.ts";

/** What S3's own error codes mean where the status does not say it. Source: the API reference of S3, "Error responses". */
const statuses: Readonly<Record<string, number | "clock skewed">> = {
  ExpiredToken: 401,
  InvalidAccessKeyId: 401,
  InvalidToken: 401,
  SignatureDoesNotMatch: 401,
  TokenRefreshRequired: 401,
  RequestTimeTooSkewed: "clock skewed",
  NoSuchBucket: 410,
  EntityTooLarge: 507,
  QuotaExceeded: 507,
  XMinioAdminBucketQuotaExceeded: 507,
  XMinioStorageFull: 507,
  BadDigest: 503,
  IncompleteBody: 503,
  XAmzContentSHA256Mismatch: 503,
  RequestTimeout: 503,
  OperationAborted: 503,
  SlowDown: 503,
};

/** The status that a refusal of an S3-compatible server really means. */
export function s3Status(response: Response, body: string): number | "clock skewed" {
  const root = parseXml(body);
  const code = root?.name === "Error" ? wordOf(root.element, "Code") : "";
  return (Object.hasOwn(statuses, code) ? statuses[code] : undefined) ?? response.status;
}
