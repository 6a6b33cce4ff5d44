import { describe, expect, it } from "vitest";
import { isWithin, metAtMs, unmetConditions } from "./unmetConditions.ts";

const nowMs = Date.UTC(2026, 5, 10, 12);
const names = (...args: Parameters<typeof unmetConditions>) => unmetConditions(...args).map(({ condition }) => condition);

describe("unmetConditions", () => {
  it("default: none", () =>
    expect(unmetConditions({}, { online: false, metered: true, wifi: false, charging: false }, nowMs, "UTC")).toEqual([]));

  it("behavior: what is not known never blocks", () => {
    for (const network of ["any", "unmetered", "wifi"] as const) expect(names({ network, charging: true }, {}, nowMs, "UTC")).toEqual([]);
  });

  it("parameters: network", () => {
    expect(names({ network: "wifi" }, { wifi: false }, nowMs, "UTC")).toEqual(["network"]);
    expect(names({ network: "wifi" }, { wifi: true, metered: true }, nowMs, "UTC")).toEqual([]);
    expect(names({ network: "unmetered" }, { metered: true }, nowMs, "UTC")).toEqual(["network"]);
    expect(names({ network: "unmetered" }, { wifi: false, metered: false }, nowMs, "UTC")).toEqual([]);
    expect(unmetConditions({ network: "unmetered" }, { online: false }, nowMs, "UTC")[0]?.reason).toBe("offline");
    expect(names({ network: "any" }, { online: false }, nowMs, "UTC")).toEqual([]);
  });

  it("parameters: charging", () => {
    expect(names({ charging: true }, { charging: false }, nowMs, "UTC")).toEqual(["charging"]);
    expect(names({ charging: false }, { charging: false }, nowMs, "UTC")).toEqual([]);
  });

  it("parameters: quietWindow, in the zone, with the time at which it opens", () => {
    const quietWindow = { from: "22:00", to: "06:00" };
    const [unmet] = unmetConditions({ quietWindow }, {}, nowMs, "UTC");
    expect(unmet).toEqual({ condition: "quietWindow", reason: "outsideWindow", ...quietWindow, metAtMs: Date.UTC(2026, 5, 10, 22) });
    expect(metAtMs(unmetConditions({ quietWindow }, {}, nowMs, "America/New_York"))).toBe(Date.UTC(2026, 5, 11, 2));
    expect(names({ quietWindow }, {}, nowMs, "Pacific/Auckland")).toEqual([]);
  });

  it("behavior: says all that is missing", () => {
    const conditions = { network: "wifi", charging: true, quietWindow: { from: "01:00", to: "02:00" } } as const;
    expect(names(conditions, { wifi: false, charging: false }, nowMs, "UTC")).toEqual(["network", "charging", "quietWindow"]);
  });
});

describe("isWithin", () => {
  const hourMs = 3_600_000;
  it.each([
    ["09:00", "17:00", [9, 16.99], [8.99, 17, 0, 23]],
    ["22:00", "06:00", [22, 23.99, 0, 5.99], [6, 21.99, 12]],
    ["00:00", "23:59", [0, 12], [23.99]],
  ])("default: %s to %s", (from, to, inside, outside) => {
    for (const hour of inside) expect(isWithin({ from, to }, hour * hourMs)).toBe(true);
    for (const hour of outside) expect(isWithin({ from, to }, hour * hourMs)).toBe(false);
  });
});
