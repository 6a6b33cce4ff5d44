/**
 * What the reasons of Drive's refusals mean where the status does not say it: a 403 may be a lack of rights, of room, or of patience.
 * Source: Google Drive API, "Resolve errors".
 */
const statuses: Readonly<Record<string, number>> = {
  rateLimitExceeded: 429,
  userRateLimitExceeded: 429,
  sharingRateLimitExceeded: 429,
  storageQuotaExceeded: 507,
  teamDriveFileLimitExceeded: 507,
};

/** The status that a refusal of Drive really means. */
export function driveStatus({ status }: Response, body: string): number {
  const reason = reasonOf(body);
  return (reason !== undefined && Object.hasOwn(statuses, reason) && statuses[reason]) || status;
}

function reasonOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: { errors?: { reason?: unknown }[] } };
    const reason = error?.errors?.[0]?.reason;
    return typeof reason === "string" ? reason : undefined;
  } catch {
    return undefined;
  }
}
