import {
  BackupElementSelectionOption,
  Client,
  ConsentEntityType,
  ConsentState,
  ContentType,
  Dm,
  Group,
  GroupMessageKind,
} from "@xmtp/node-sdk";
import { sdkValues } from "@xmtp-backup/core/sdk";
import { expect, test } from "vitest";
import { isDm, type NodeConversation } from "../src/host/nodeClient.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { toSdkElements } from "../src/host/toSdkElements.ts";

test("default: the values are those of the SDK's enums", () => {
  expect(sdkValues).toMatchObject({
    consentState: { unknown: ConsentState.Unknown, allowed: ConsentState.Allowed, denied: ConsentState.Denied },
    consentEntity: { conversation: ConsentEntityType.GroupId, person: ConsentEntityType.InboxId },
    applicationMessage: GroupMessageKind.Application,
    changeTypes: [ContentType.GroupMembershipChange, ContentType.GroupUpdated],
    groupChange: GroupMessageKind.MembershipChange,
  });
  expect(toSdkElements(["messages", "consent"])).toEqual([BackupElementSelectionOption.Messages, BackupElementSelectionOption.Consent]);
});

test("behavior: the SDK's DMs have the shape of one, and its groups have not", () => {
  expect([Dm, Group].map(({ prototype }) => isDm(prototype as NodeConversation))).toEqual([true, false]);
});

test("behavior: a client that was never opened is refused as not ready", () => {
  expect(() => nodeHost(new Client())).toThrow(expect.objectContaining({ code: "CLIENT_CLOSED" }));
});
