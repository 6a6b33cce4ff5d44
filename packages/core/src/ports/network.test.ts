import { describe, expect, it } from "vitest";
import { isSameNetwork, networkName } from "./network.ts";

describe("networkName", () => {
  it("default: is the env of the client", async () => {
    expect(await networkName({ env: "production" })).toBe("production");
    expect(await networkName({})).toBeUndefined();
  });

  it("parameters: apiUrl: an address of the app's own makes another network", async () => {
    const name = await networkName({ env: "local", apiUrl: "http://127.0.0.1:4000" });
    expect(name).toMatch(/^local:[0-9a-f]{16}$/);
    expect(await networkName({ env: "local", apiUrl: "http://127.0.0.1:4001" })).not.toBe(name);
    expect(await networkName({ apiUrl: "http://127.0.0.1:4000" })).toMatch(/^custom:/);
  });

  it("parameters: apiUrl: one address has one name, however it is written, and hides who signs in", async () => {
    const name = await networkName({ env: "dev", apiUrl: "https://me.example" });
    for (const apiUrl of ["https://me.example/", "HTTPS://Me.Example:443", " https://user:secret@me.example// "]) {
      expect(await networkName({ env: "dev", apiUrl })).toBe(name);
    }
  });

  it("parameters: apiUrl: the SDKs' own addresses are the networks they stand for", async () => {
    expect(await networkName({ env: "dev", apiUrl: "https://grpc.production.xmtp.network:443" })).toBe("production");
    expect(await networkName({ env: "dev", apiUrl: "https://api.dev.xmtp.network:5558" })).toBe("dev");
  });

  it("parameters: gatewayHost: leads to the network of its env", async () => {
    expect(await networkName({ env: "production", gatewayHost: "https://gateway.example" })).toBe("production");
    expect(await networkName({ env: "local", gatewayHost: "https://gateway.example" })).toMatch(/^local:/);
  });
});

describe("isSameNetwork", () => {
  it("default: names that are known must agree", async () => {
    expect(isSameNetwork("dev", "production")).toBe(false);
    expect(isSameNetwork("dev", "dev")).toBe(true);
    expect(isSameNetwork(undefined, "dev")).toBe(true);
    expect(isSameNetwork("dev", undefined)).toBe(true);
  });

  it("behavior: where both have an address of their own, it alone decides", async () => {
    const apiUrl = "https://me.example";
    const [one, other] = [await networkName({ env: "dev", apiUrl }), await networkName({ env: "local", apiUrl })];
    expect(isSameNetwork(one, other)).toBe(true);
    expect(isSameNetwork(one, "dev")).toBe(false);
    expect(isSameNetwork(one, await networkName({ env: "dev", apiUrl: "https://other.example" }))).toBe(false);
  });
});
