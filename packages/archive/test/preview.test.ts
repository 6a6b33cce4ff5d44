import { describe, expect, test } from "vitest";
import { previewArchive } from "../src/index.ts";
import { testKey, toBlob, write } from "../test-support/archives.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";

describe("previewArchive", () => {
  test("default", async () => {
    const archive = await write([
      metadataRecord(),
      consentRecord(1, { state: "allowed", consentedAtNs: 5n }),
      consentRecord(1, { state: "denied", consentedAtNs: 9n }),
      consentRecord(1, { state: "allowed", consentedAtNs: 7n }),
      groupRecord(1, {
        mutableMetadata: {
          attributes: { group_name: "<b>Tea</b>", description: "for two", group_image_url_square: "https://example.org/tea.png" },
          adminList: [],
          superAdminList: [],
        },
      }),
      groupRecord(2, { conversationType: "dm", dmId: `dm:${idOf(11, 32)}:${idOf(12, 32)}`, createdAtNs: 1_763_400_000_500_000_000n }),
      groupRecord(3, { mutableMetadata: undefined as never, createdAtNs: 3n }),
      groupRecord(4, { conversationType: "unspecified" }),
      messageRecord(1, 1),
      messageRecord(2, 1),
      messageRecord(9, 8),
    ]);
    const made = (number: number) => ({
      creatorInboxId: idOf(1000 + number, 32),
      addedByInboxId: idOf(1000 + number, 32),
      adminInboxIds: [],
      superAdminInboxIds: [],
    });
    const second = (number: number) => 1_763_400_000_000_000_000n + BigInt(number) * 1_000_000_000n;
    expect(await previewArchive(toBlob(archive), testKey)).toEqual({
      metadata: { elements: ["messages", "consent"], exportedAtNs: 1_764_000_000_000_000_000n },
      sizeBytes: archive.length,
      messages: 2,
      leftOut: { deleted: 0, expired: 0, unsent: 0, oddDms: 0 },
      unsentMessages: 0,
      oddDms: 0,
      orphanMessages: 1,
      consent: 3,
      firstMessageNs: second(1),
      lastMessageNs: second(9),
      conversations: [
        {
          id: idOf(1, 16),
          ...made(1),
          type: "group",
          name: "<b>Tea</b>",
          description: "for two",
          imageUrl: "https://example.org/tea.png",
          memberInboxIds: [],
          createdAtNs: 1_763_000_000_000_000_001n,
          consent: "denied",
          messageCount: 2,
          firstMessageNs: second(1),
          lastMessageNs: second(2),
        },
        {
          id: idOf(2, 16),
          ...made(2),
          type: "dm",
          name: "Group 2",
          description: "",
          imageUrl: "",
          memberInboxIds: [idOf(11, 32), idOf(12, 32)],
          createdAtNs: 1_763_400_000_500_000_000n,
          consent: "unknown",
          messageCount: 0,
        },
        {
          id: idOf(3, 16),
          ...made(3),
          type: "group",
          name: "",
          description: "",
          imageUrl: "",
          memberInboxIds: [],
          createdAtNs: 3n,
          consent: "unknown",
          messageCount: 0,
        },
      ],
    });
  });

  test("behavior: a damaged archive has no preview", async () => {
    const archive = await write(sampleRecords());
    archive[archive.length - 5] = (archive[archive.length - 5] as number) ^ 1;
    await expect(previewArchive(toBlob(archive), testKey)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
  });
});
