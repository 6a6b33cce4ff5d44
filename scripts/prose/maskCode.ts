import type { TxtNode } from "./txtNode.ts";

/** Each counts as one word, and no rule looks into it. */
const opaque = new Set(["Code", "Link", "LinkReference", "Image", "ImageReference", "Html", "Comment"]);

/** The text of a node as it stands in the file, with code, links and images masked by one word of the same length. */
export function maskCode(node: TxtNode): string {
  let text = node.raw;
  const mask = (child: TxtNode): void => {
    if (!opaque.has(child.type)) return void child.children?.forEach(mask);
    const [start, end] = child.range.map((index) => index - node.range[0]) as [number, number];
    const word = child.type === "Html" || child.type === "Comment" ? " ".repeat(end - start) : `X${"x".repeat(end - start - 1)}`;
    text = text.slice(0, start) + word + text.slice(end);
  };
  node.children?.forEach(mask);
  return text.replaceAll("\n", " ");
}
