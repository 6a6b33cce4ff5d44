import { type NewerNode, nodeOnNewerLibc } from "../nodeOnNewerLibc.ts";
import type { TestedSdk } from "./testedSdks.ts";

/**
 * A Node on which that version of the SDK loads, or the reason why there is none here.
 *
 * @param node - path of the Node to start from
 * @default process.execPath
 */
export function nodeFor({ needsNewerLibc }: TestedSdk, node: string = process.execPath): NewerNode {
  return needsNewerLibc ? nodeOnNewerLibc(node) : { path: node };
}
