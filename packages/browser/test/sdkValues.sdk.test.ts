import {
  BackupElementSelectionOption,
  Client,
  ConsentEntityType,
  ConsentState,
  ContentType,
  Dm,
  Group,
  GroupMessageKind,
} from "@xmtp/browser-sdk";
import { sdkValues } from "@xmtp-backup/core/sdk";
import { expect, test } from "vitest";
import { assertBrowserClient, type BrowserConversation, isDm } from "../src/host/browserClient.ts";
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
  expect([Dm, Group].map(({ prototype }) => isDm(prototype as unknown as BrowserConversation))).toEqual([true, false]);
});

test("behavior: the SDK's class has every call that is needed", () => {
  const unopened = Object.create(Client.prototype, { conversations: { value: undefined }, preferences: { value: undefined } }) as Client;
  expect(() => assertBrowserClient(unopened)).toThrow("conversations.list");
});
