import type { ExportRequest } from "../ports/host.ts";

/** What the SDKs take to export an archive, with the elements as the SDK names them. */
export type SdkArchiveOptions<E> = { elements: E[]; excludeDisappearingMessages: boolean; startNs?: bigint; endNs?: bigint };

/** An export in the SDKs' words. */
export function archiveOptions<E>(request: ExportRequest, elements: E[]): SdkArchiveOptions<E> {
  const { startNs, endNs, excludeDisappearingMessages = false } = request;
  return { elements, excludeDisappearingMessages, ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) };
}
