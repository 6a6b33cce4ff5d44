export function secondsOfSync(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return (performance.now() - startMs) / 1_000;
}
