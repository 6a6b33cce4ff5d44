/** How many times a property is tried: an eighth of `many`, or all of them in `npm run test:long`. */
export function runs(many: number): number {
  return process.env["ALL_RUNS"] === "true" ? many : Math.ceil(many / 8);
}
