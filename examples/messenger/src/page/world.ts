/** What the example's server tells the page of the network that it started, and of Bob. */
export type World = { networkUrl: string; bobInboxId: string };

export async function fetchWorld(): Promise<World> {
  const answer = await fetch("/example/world");
  if (!answer.ok) throw new Error("The example's server did not say where its network is.");
  return (await answer.json()) as World;
}

/** Bob writes into every conversation that he knows: what a real member would do some day, right now. */
export async function askBobToWrite(): Promise<void> {
  const answer = await fetch("/example/bob/write", { method: "POST" });
  if (!answer.ok) throw new Error("Bob could not write.");
}
