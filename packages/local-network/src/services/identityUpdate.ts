import type { IdentityAction, IdentityUpdate, MemberIdentifier } from "../gen/xmtp/identity/associations/association_pb.ts";
import { invalidArgument } from "./rejections.ts";

/** An address that an update gives to its inbox or takes from it. */
export type AddressChange = { kind: "added" | "revoked"; address: string };

/** The wire values of an identifier that is an Ethereum address; 0 is what old clients send. */
const ethereumKinds = [0, 1];
const inboxIdLength = 64;

/**
 * Checks what can be checked without signatures: an inbox is created once, by the first action of its first update.
 *
 * @throws INVALID_ARGUMENT when the update doesn't fit.
 */
export function assertUpdateFits({ inboxId, actions }: IdentityUpdate, { isFirst }: { isFirst: boolean }): void {
  if (inboxId.length !== inboxIdLength) throw invalidArgument("inbox id does not spell 32 bytes");
  if (actions.length === 0) throw invalidArgument("identity update without actions");
  actions.forEach(({ kind }, index) => {
    if (kind.case === undefined) throw invalidArgument("identity action of unknown kind");
    const creates = kind.case === "createInbox";
    const mustCreate = isFirst && index === 0;
    if (mustCreate && !creates) throw invalidArgument("inbox is not created yet");
    if (creates && !mustCreate) throw invalidArgument("inbox is created already");
  });
}

/** The changes that an update makes to the inbox's addresses, in order. */
export function addressChangesOf({ actions }: IdentityUpdate): AddressChange[] {
  return actions.flatMap(addressChangeOf);
}

function addressChangeOf({ kind }: IdentityAction): AddressChange[] {
  switch (kind.case) {
    case "createInbox": {
      const { initialIdentifier: address, initialIdentifierKind } = kind.value;
      return ethereumKinds.includes(initialIdentifierKind) ? [{ kind: "added", address }] : [];
    }
    case "add":
      return ofAddress("added", kind.value.newMemberIdentifier);
    case "revoke":
      return ofAddress("revoked", kind.value.memberToRevoke);
    default:
      return [];
  }
}

function ofAddress(kind: AddressChange["kind"], member: MemberIdentifier | undefined): AddressChange[] {
  return member?.kind.case === "ethereumAddress" ? [{ kind, address: member.kind.value }] : [];
}
