/** Whether each property is tried with all its runs, as in `npm run test:long`. */
export const isThorough = process.env["ALL_RUNS"] === "true";

/** How many times a property is tried: an eighth of `many`, or all of them in `npm run test:long`. */
export function runs(many: number): number {
  return isThorough ? many : Math.ceil(many / 8);
}
