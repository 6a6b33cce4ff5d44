import type { Backups } from "@xmtp-backup/core";
import { type Client, ConsentEntityType, ConsentState, Dm, type Group, GroupMessageKind } from "@xmtp/node-sdk";
import { find } from "./chat.ts";

/** What a user has of one conversation, as an app shows it. */
export type YearRow = {
  kind: "group" | "dm";
  name: string;
  consent: string;
  /** The timer of disappearing messages, in nanoseconds; 0 without one. */
  timerNs: bigint;
  /** Whether the user is in it, had asked to leave, or was removed. */
  standing: "member" | "left" | "removed";
  canWrite: boolean;
  /** Texts by the ids of their messages, oldest first. */
  texts: ReadonlyMap<string, string>;
  /** How many of its messages say that somebody came, went or changed the group. */
  changes: number;
  /** How many of its texts the SDK will delete after a time. */
  disappearing: number;
  members: number;
  permissions: string;
  /** Who made it, its super admins and when it was made, as the SDK says. */
  creator: string;
  superAdmins: readonly string[];
  createdAtNs: bigint;
  /** The same, as the archive says where the SDK has lost it. */
  madeBy: string;
  ledBy: readonly string[];
  madeAtNs: bigint;
};

/** All conversations by the name that the story gives them, and what the user decided about people. */
export type YearTable = { conversations: ReadonlyMap<string, YearRow>; people: ReadonlyMap<string, string> };

/** Ids by their names, in the order of the table. */
export type Named = Readonly<Record<string, string>>;

const words = new Map([
  [ConsentState.Allowed, "allowed"],
  [ConsentState.Unknown, "unknown"],
  [ConsentState.Denied, "denied"],
]);
const wordFor = (state: ConsentState): string => words.get(state) ?? "?";

/** The table of a device. */
export async function tableOf(client: Client, backups: Backups, conversations: Named, people: Named): Promise<YearTable> {
  const rows = new Map<string, YearRow>();
  for (const [name, id] of Object.entries(conversations)) rows.set(name, await rowOf(await find(client, id), backups));
  const decided = new Map<string, string>();
  for (const [name, inboxId] of Object.entries(people))
    decided.set(name, wordFor(await client.preferences.getConsentState(ConsentEntityType.InboxId, inboxId)));
  return { conversations: rows, people: decided };
}

async function rowOf(conversation: Group | Dm, backups: Backups): Promise<YearRow> {
  const restored = backups.conversation(conversation.id).getState();
  const messages = await conversation.messages();
  const texts = messages.filter(({ content }) => typeof content === "string");
  const group = conversation instanceof Dm ? undefined : conversation;
  const hasLeft = restored?.hasLeft ?? group?.isPendingRemoval() ?? false;
  const isRemoved = restored?.wasRemoved ?? (restored === undefined && !conversation.isActive);
  const { creatorInboxId: creator } = await conversation.metadata();
  const superAdmins = group?.listSuperAdmins() ?? [];
  const { createdAtNs } = conversation;
  const archived = restored?.status === "active" ? undefined : restored?.archived;
  return {
    kind: group ? "group" : "dm",
    name: group?.name ?? "",
    consent: wordFor(conversation.consentState()),
    timerNs: conversation.messageDisappearingSettings()?.inNs ?? 0n,
    standing: hasLeft ? "left" : isRemoved ? "removed" : "member",
    canWrite: restored ? backups.canWrite(conversation.id) : conversation.isActive && !hasLeft,
    texts: new Map(texts.map(({ id, content }) => [id, content as string])),
    changes: messages.filter(({ kind }) => kind === GroupMessageKind.MembershipChange).length,
    disappearing: texts.filter(({ expiresAtNs }) => expiresAtNs !== undefined).length,
    members: (await conversation.members()).length,
    permissions: group ? JSON.stringify(group.permissions().policySet) : "",
    creator,
    superAdmins,
    createdAtNs,
    madeBy: archived?.creatorInboxId ?? creator,
    ledBy: group ? (archived?.superAdminInboxIds ?? superAdmins) : [],
    madeAtNs: restored?.archived?.createdAtNs ?? createdAtNs,
  };
}

/** One thing that is not as it was; `message` is the id of a text that is gone or new. */
export type YearDifference = { about: string; column: keyof YearRow | "consentForPerson"; had: unknown; has: unknown; message?: string };

/** Everything that two tables do not share. */
export function differencesBetween(had: YearTable, has: YearTable): YearDifference[] {
  const differences: YearDifference[] = [];
  for (const [about, before] of had.conversations) {
    const after = has.conversations.get(about);
    if (!after) throw new Error(`${about} is gone.`);
    for (const column of Object.keys(before) as (keyof YearRow)[]) {
      if (column === "texts") differences.push(...textsBetween(about, before.texts, after.texts));
      else if (plain(before[column]) !== plain(after[column])) differences.push({ about, column, had: before[column], has: after[column] });
    }
  }
  for (const [about, state] of had.people) {
    const now = has.people.get(about);
    if (now !== state) differences.push({ about, column: "consentForPerson", had: state, has: now });
  }
  return differences;
}

function textsBetween(about: string, had: YearRow["texts"], has: YearRow["texts"]): YearDifference[] {
  const gone = [...had]
    .filter(([id]) => !has.has(id))
    .map(([message, text]) => ({ about, column: "texts" as const, had: text, has: undefined, message }));
  const come = [...has]
    .filter(([id]) => !had.has(id))
    .map(([message, text]) => ({ about, column: "texts" as const, had: undefined, has: text, message }));
  return [...gone, ...come];
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) => (typeof each === "bigint" ? String(each) : each)) ?? "nothing";
}

/**
 * A line for each kind of difference: what differs, the limit that names it, and where.
 *
 * @param limitOf - the name of the limit
 * @throws Error that lists all differences which no limit names
 */
export function explained(differences: readonly YearDifference[], limitOf: (difference: YearDifference) => string | undefined): string[] {
  const places = new Map<string, string[]>();
  const unnamed: string[] = [];
  for (const difference of differences) {
    const { about, column, had, has, message } = difference;
    const what = message === undefined ? column : `"${String(had ?? has)}"`;
    const limit = limitOf(difference);
    if (limit === undefined) unnamed.push(`${about}: ${what}: had ${plain(had)}, has ${plain(has)}`);
    else places.set(`${what}: ${limit}`, [...(places.get(`${what}: ${limit}`) ?? []), about]);
  }
  if (unnamed.length > 0) throw new Error(`No limit names what differs:\n${unnamed.join("\n")}`);
  return [...places].map(([line, names]) => `${line}: ${names.join(", ")}`);
}

/**
 * What a user had on several devices: the texts of all of them, and where the network's word was lost on the latest, what the first says.
 *
 * @param latest - decides about names, decisions and timers
 */
export function together(latest: YearTable, first: YearTable, ...others: readonly YearTable[]): YearTable {
  const conversations = new Map<string, YearRow>();
  for (const [name, row] of latest.conversations) {
    const origin = first.conversations.get(name) ?? row;
    const rows = [first, ...others, latest].flatMap((table) => table.conversations.get(name) ?? []);
    const { changes, disappearing, members, permissions, creator, superAdmins, createdAtNs, canWrite, madeBy, ledBy, madeAtNs } = origin;
    const texts = new Map(rows.flatMap((each) => [...each.texts]));
    conversations.set(name, {
      ...row,
      texts,
      changes,
      disappearing,
      members,
      permissions,
      creator,
      superAdmins,
      createdAtNs,
      canWrite,
      madeBy,
      ledBy,
      madeAtNs,
    });
  }
  return { conversations, people: latest.people };
}
