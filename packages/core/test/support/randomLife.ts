import fc from "fast-check";
import { hexOf } from "../../../testing/src/fakes/hexOf.ts";
import { ns, say, startNs, type World } from "./lastWhole.ts";

/** Something that happens to a client between two backups, or a backup. */
export type Deed = { kind: string; which: number; far: number };

/** What may happen in a life of a client. */
export function deeds(): fc.Arbitrary<Deed[]> {
  const nat = fc.nat(40);
  const deed = fc.oneof(
    fc.record({ kind: fc.constantFrom("say", "sayLate", "sayAhead"), which: nat, far: nat }),
    fc.record({ kind: fc.constantFrom("take", "takeEarly"), which: nat, far: nat }),
    fc.record({ kind: fc.constantFrom("rename", "timer", "leave", "decide", "person"), which: nat, far: nat }),
    fc.record({ kind: fc.constantFrom("join", "joinLate", "stitch", "activate", "deactivate"), which: nat, far: nat }),
    fc.record({ kind: fc.constantFrom("clockBack", "dateBack", "backup", "backup", "backup"), which: nat, far: nat }),
  );
  return fc.array(deed, { maxLength: 24 });
}

/** One message that comes late and another one that goes in the same conversation are the exception: counts can't tell them from none. */
export function isExchange({ host }: World, touched: Map<unknown, string>, { kind, which }: { kind: string; which: number }): boolean {
  if (kind !== "sayLate" && !kind.startsWith("take")) return false;
  const { messages } = [...host.inbox.conversations.values()][which % host.inbox.conversations.size] ?? {};
  const what = kind.slice(0, 3);
  if ((touched.get(messages) ?? what) !== what) return true;
  touched.set(messages, what);
  return false;
}

/** One thing that happens to a client between two backups. */
export function act(one: World, index: number, { kind, which, far }: Deed): void {
  const { host, clock } = one;
  const { conversations, consent } = host.inbox;
  const all = [...conversations.values()];
  const conversation = all[which % all.length] as (typeof all)[number];
  const nowNs = BigInt(clock.now()) * ns;
  const someTimeAgoNs = startNs + BigInt(far) * 250_000_000n;
  if (kind === "say") say(one, which, `say ${index}`);
  if (kind === "sayLate") say(one, which, `late ${index}`, someTimeAgoNs + 1n);
  if (kind === "sayAhead") say(one, which, `ahead ${index}`, nowNs + BigInt(far) * 3_600_000_000_000n);
  if (kind === "take" || kind === "takeEarly") {
    const ids = [...conversation.messages.keys()];
    for (const id of kind === "take" ? ids.slice(far % 4, (far % 4) + 1) : ids.slice(0, far % 3)) conversation.messages.delete(id);
  }
  if (kind === "rename") host.change(conversation.id, { name: `Name ${index}` });
  if (kind === "timer") host.change(conversation.id, { disappearsInNs: BigInt(far + 1) * 86_400_000_000_000n });
  if (kind === "leave") host.change(conversation.id, { hasLeft: true });
  if (kind === "decide") conversation.consent = (["allowed", "denied"] as const)[far % 2] as "allowed";
  if (kind === "person") {
    const entity = hexOf(`peer ${which % 2}`, 32);
    const known = consent.find((record) => record.entity === entity);
    if (known) known.state = far % 2 ? "denied" : "allowed";
  }
  const created = { isActive: true, consent: "allowed", messages: new Map() } as const;
  if (kind === "join" || kind === "joinLate") {
    const id = hexOf(`joined ${index}`, 16);
    const createdAtNs = kind === "join" ? nowNs : someTimeAgoNs;
    conversations.set(id, { ...created, id, kind: "group", name: `Joined ${index}`, createdAtNs, messages: new Map() });
    if (far % 2) say(one, all.length, `joined ${index}`, kind === "join" ? nowNs : someTimeAgoNs + 5n);
  }
  const dm = all.find((each) => each.kind === "dm");
  if (kind === "stitch" && dm) {
    const id = hexOf(`stitched ${index}`, 16);
    conversations.set(id, { ...dm, id, createdAtNs: far % 2 ? nowNs : someTimeAgoNs });
  }
  if (kind === "activate") conversation.isActive = true;
  if (kind === "deactivate") conversation.isActive = false;
  if (kind === "clockBack") clock.advance(-Math.min(far, 20) * 1_800_000);
  if (kind === "dateBack") host.exportedAtNs -= BigInt(far) * 500n;
}
