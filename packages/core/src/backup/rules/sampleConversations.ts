/** A conversation that stands for others too: for how many messages each of its own counts. */
export type SampledConversation = { id: string; weight: number };

/** How many conversations are asked when slices are planned; asking each of thousands would cost more than it saves. */
const mostSampled = 64;

/**
 * Conversations that show together when the messages of all were sent: the fullest, and of the others every so many by size, each for
 * its neighbours too.
 *
 * The fullest alone would say nothing of a time in which only others talked.
 */
export function sampleConversations(counts: ReadonlyMap<string, number>, most = mostSampled): SampledConversation[] {
  const bySize = [...counts].sort(([, a], [, b]) => b - a);
  if (bySize.length <= most) return bySize.map(([id]) => ({ id, weight: 1 }));
  const fullest = bySize.slice(0, Math.floor(most / 2));
  const others = bySize.slice(fullest.length);
  const step = others.length / (most - fullest.length);
  const sampled = Array.from({ length: most - fullest.length }, (_, index) => others[Math.floor((index + 0.5) * step)] as [string, number]);
  const weight = sum(others) / Math.max(1, sum(sampled));
  return [...fullest.map(([id]) => ({ id, weight: 1 })), ...sampled.map(([id]) => ({ id, weight }))];
}

function sum(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((total, [, messages]) => total + messages, 0);
}
