import { BackupError } from "../errors/backupError.ts";
import type { Answer, SdkDm, SdkPreferences } from "./sdkShapes.ts";

/** What is needed of a client to find the DM with a person, or to make one. */
export type DmClient<D> = {
  readonly conversations: { getDmByInboxId(inboxId: string): Answer<D | undefined>; createDm(inboxId: string): Promise<D> };
  readonly preferences: Pick<SdkPreferences, "fetchInboxStates">;
  fetchKeyPackageStatuses(installationIds: string[]): Promise<Statuses>;
};

type Status = { validationError?: string | undefined };
type Statuses = Record<string, Status> | Map<string, Status>;

export type MakeDmOptions<D> = {
  signal?: AbortSignal | undefined;
  /** Why the DM that the SDK gave can't be written, where there is more to say than that it is half made. */
  whyNot?(dm: D): Promise<BackupError | undefined>;
};

/**
 * The DM with a person that can be written, if there is one. In Node a restored one is not found
 * (docs/sdk-facts.md#restored-dm-is-not-found-by-its-peer).
 */
export async function findWritableDm<D extends SdkDm>(
  { conversations }: Pick<DmClient<D>, "conversations">,
  peerInboxId: string,
): Promise<D | undefined> {
  const dm = await conversations.getDmByInboxId(peerInboxId);
  return dm && (await hasPeer(dm)) ? dm : undefined;
}

/**
 * The DM with a person that can be written: the one that there is, or a new one.
 *
 * The SDK never finishes a DM that it has left half made (docs/sdk-facts.md#half-made-dm). So this asks the network first for
 * all that a DM takes, and refuses one that is half made.
 *
 * @throws HOST_FAILED when the DM was left half made, or nobody can be reached as that person
 */
export async function makeWritableDm<D extends SdkDm>(
  client: DmClient<D>,
  peerInboxId: string,
  { signal, whyNot }: MakeDmOptions<D> = {},
): Promise<D> {
  if (!(await client.conversations.getDmByInboxId(peerInboxId))) await assertReachable(client, peerInboxId);
  signal?.throwIfAborted();
  const dm = await client.conversations.createDm(peerInboxId);
  if (await hasPeer(dm)) return dm;
  const why = await whyNot?.(dm);
  if (why) throw why;
  throw new BackupError("HOST_FAILED", "The SDK has left the DM with this person half made.", {
    details: "A message to it reaches nobody. It can be written once that person writes.",
  });
}

/**
 * Whether the SDK knows a DM's peer as its member. In a browser it answers for the latest DM with that person
 * (docs/sdk-facts.md#browser-answers-for-the-latest-dm).
 */
export async function hasPeer(dm: SdkDm): Promise<boolean> {
  const [members, peerInboxId] = await Promise.all([
    dm.members(),
    typeof dm.peerInboxId === "function" ? dm.peerInboxId() : dm.peerInboxId,
  ]);
  return members.some(({ inboxId }) => inboxId === peerInboxId);
}

async function assertReachable<D>(client: DmClient<D>, inboxId: string): Promise<void> {
  const [state] = await client.preferences.fetchInboxStates([inboxId]);
  const statuses = await client.fetchKeyPackageStatuses(state?.installations.map(({ id }) => id) ?? []);
  const each = statuses instanceof Map ? [...statuses.values()] : Object.values(statuses);
  if (each.some(({ validationError }) => validationError === undefined)) return;
  throw new BackupError("HOST_FAILED", "No app of this person can be reached.");
}
