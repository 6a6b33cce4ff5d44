import type { MessageRange } from "../ports/host.ts";
import type { SdkCountFilter } from "./sdkShapes.ts";
import { sdkValues } from "./sdkValues.ts";

/** The messages of a range, as the SDKs count them: an archive holds the message at `endNs`, their filter leaves it out. */
export function countFilter({ startNs, endNs }: MessageRange): SdkCountFilter {
  return {
    kind: sdkValues.applicationMessage,
    ...(startNs !== undefined && { sentAfterNs: startNs }),
    ...(endNs !== undefined && { sentBeforeNs: endNs + 1n }),
  };
}
