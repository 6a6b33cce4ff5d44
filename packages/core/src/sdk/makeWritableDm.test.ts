import { describe, expect, it } from "vitest";
import { BackupError } from "../errors/backupError.ts";
import { type DmClient, findWritableDm, makeWritableDm } from "./makeWritableDm.ts";
import type { SdkDm } from "./sdkShapes.ts";

type Dm = SdkDm & { id: string };

const whole = (id: string): Dm => ({ id, peerInboxId: "peer", members: async () => [{ inboxId: "me" }, { inboxId: "peer" }] });
const half = (id: string): Dm => ({ id, peerInboxId: async () => "peer", members: async () => [{ inboxId: "me" }] });

function clientOf({
  dm,
  made = whole("made"),
  statuses = { phone: {} },
}: {
  dm?: Dm;
  made?: Dm;
  statuses?: Awaited<ReturnType<DmClient<Dm>["fetchKeyPackageStatuses"]>>;
}) {
  const asked: string[] = [];
  const client: DmClient<Dm> = {
    conversations: { getDmByInboxId: () => dm, createDm: async () => (asked.push("create"), dm ?? made) },
    preferences: { fetchInboxStates: async () => (asked.push("states"), [{ installations: [{ id: "phone" }] }]) },
    fetchKeyPackageStatuses: async () => statuses,
  };
  return { client, asked };
}

describe("makeWritableDm", () => {
  it("default: gives the DM that there is, without asking the network", async () => {
    const { client, asked } = clientOf({ dm: whole("there") });
    expect((await makeWritableDm(client, "peer")).id).toBe("there");
    expect(asked).toEqual(["create"]);
  });

  it.each([
    ["an object", { old: { validationError: "expired" }, phone: {} }],
    ["a map", new Map([["phone", {}]])],
  ] as const)("behavior: makes one when an app of the person can be reached, as %s tells", async (_title, statuses) => {
    expect((await makeWritableDm(clientOf({ statuses }).client, "peer")).id).toBe("made");
  });

  it("behavior: makes none when no app of the person can be reached", async () => {
    const { client, asked } = clientOf({ statuses: new Map([["phone", { validationError: "expired" }]]) });
    await expect(makeWritableDm(client, "peer")).rejects.toMatchObject({
      code: "HOST_FAILED",
      shortMessage: "No app of this person can be reached.",
    });
    expect(asked).toEqual(["states"]);
  });

  it("behavior: one that is half made is refused, and not found either", async () => {
    const { client } = clientOf({ dm: half("half") });
    await expect(makeWritableDm(client, "peer")).rejects.toMatchObject({
      code: "HOST_FAILED",
      shortMessage: "The SDK has left the DM with this person half made.",
    });
    expect(await findWritableDm(client, "peer")).toBeUndefined();
  });

  it("parameters: whyNot: has the better reason", async () => {
    const why = new BackupError("HOST_FAILED", "It is read-only.");
    await expect(makeWritableDm(clientOf({ dm: half("half") }).client, "peer", { whyNot: async () => why })).rejects.toBe(why);
  });

  it("parameters: signal: makes nothing once it is aborted", async () => {
    const { client, asked } = clientOf({});
    const reason = new Error("stopped");
    await expect(makeWritableDm(client, "peer", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).not.toContain("create");
  });
});
