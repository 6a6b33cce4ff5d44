import { afterEach, describe, expect, it, vi } from "vitest";
import { envKeys } from "./envKeys.ts";

const [one, two] = ["11".repeat(32), "22".repeat(32)];
const hex = (keys: Uint8Array[]) => keys.map((key) => Buffer.from(key).toString("hex"));

describe("envKeys", () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each([one, `0x${one}`, ` ${one}\n`, one.toUpperCase()])("default: reads a key from XMTP_BACKUP_KEY: %j", async (value) => {
    vi.stubEnv("XMTP_BACKUP_KEY", value);
    expect(hex(await envKeys().load())).toEqual([one]);
  });

  it.each([`${two},${one}`, `${two}, ${one}`, `${two}\n${one}`])("default: several keys, the newest first: %j", async (value) => {
    vi.stubEnv("XMTP_BACKUP_KEY", value);
    expect(hex(await envKeys().load())).toEqual([two, one]);
  });

  it("parameters: name: another variable", async () => {
    vi.stubEnv("AGENT_KEY", one);
    expect(hex(await envKeys({ name: "AGENT_KEY" }).load())).toEqual([one]);
  });

  it.each(["AGENT_KEY", { nmae: "AGENT_KEY" }, { name: "" }, { name: 5 }, null])(
    "parameters: refuses what would read another variable than meant: %j",
    (options) => {
      expect(() => envKeys(options as never)).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }) as Error);
    },
  );

  it.each([undefined, "", " "])("behavior: refuses a variable without a key, and makes none: %j", async (value) => {
    vi.stubEnv("XMTP_BACKUP_KEY", value);
    await expect(envKeys().load()).rejects.toMatchObject({ code: "KEY_MISSING", details: expect.stringContaining("openssl") as string });
    await expect(envKeys().add(new Uint8Array(32))).rejects.toMatchObject({ code: "KEY_MISSING" });
  });

  it("behavior: leaves out what is no key, and says so without its digits", async () => {
    vi.stubEnv("XMTP_BACKUP_KEY", `${one},secret,${"00".repeat(32)}`);
    const reasons: string[] = [];
    expect(hex(await envKeys().load({ onUnusable: (reason) => reasons.push(reason) }))).toEqual([one]);
    expect(reasons).toHaveLength(2);
    expect(reasons.join()).not.toContain("secret");
  });
});
