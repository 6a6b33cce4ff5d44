import type { DatedValues } from "../../archives/archivedValues.ts";

/** A note about conversations, of which some carry what their archive says. */
type Carrying = { readonly conversations: readonly { readonly id: string; readonly archived?: DatedValues }[] };

/** The texts' numbers: of the time of the export and the creator, of who added the user, of the admins and of the super admins. */
type Packed = [exportedAt: number, createdAtNs: string, creator: number | null, addedBy: number, admins: number[], superAdmins: number[]];

/** As plain JSON, each text once: of thousands of conversations, most name the same few people. */
export function packArchived<T extends Carrying>(note: T): object {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const pack = ({ exportedAtNs, createdAtNs, creatorInboxId, addedByInboxId, adminInboxIds, superAdminInboxIds }: DatedValues): Packed => [
    numberOf(String(exportedAtNs)),
    String(createdAtNs),
    creatorInboxId === undefined ? null : numberOf(creatorInboxId),
    numberOf(addedByInboxId),
    adminInboxIds.map(numberOf),
    superAdminInboxIds.map(numberOf),
  ];
  const conversations = note.conversations.map((each) => (each.archived ? { ...each, archived: pack(each.archived) } : each));
  return numbers.size > 0 ? { ...note, conversations, texts: [...numbers.keys()] } : note;
}

/** What was packed. Values that can't be read are left out, and the rest of the note stays. */
export function unpackArchived<T extends Carrying>(packed: T): T {
  const { texts, ...note } = packed as T & { texts?: unknown };
  const known: readonly unknown[] = Array.isArray(texts) ? texts : [];
  const conversations = note.conversations.map((each) => {
    if (each.archived === undefined) return each;
    const { archived, ...rest } = each;
    const values = unpack(archived, known);
    return values ? { ...rest, archived: values } : rest;
  });
  return { ...note, conversations } as unknown as T;
}

function unpack(packed: unknown, texts: readonly unknown[]): DatedValues | undefined {
  if (!Array.isArray(packed)) return undefined;
  const [exportedAt, createdAtNs, creator, addedBy, admins, superAdmins] = packed as unknown[];
  const textOf = (number: unknown): string => {
    const text = typeof number === "number" ? texts[number] : undefined;
    if (typeof text !== "string") throw new TypeError("There is no such text.");
    return text;
  };
  try {
    return {
      exportedAtNs: BigInt(textOf(exportedAt)),
      createdAtNs: BigInt(createdAtNs as string),
      ...(creator !== null && { creatorInboxId: textOf(creator) }),
      addedByInboxId: textOf(addedBy),
      adminInboxIds: (admins as unknown[]).map(textOf),
      superAdminInboxIds: (superAdmins as unknown[]).map(textOf),
    };
  } catch {
    return undefined;
  }
}
