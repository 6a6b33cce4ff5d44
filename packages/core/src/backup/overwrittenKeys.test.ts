import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Dependencies } from "../ports/dependencies.ts";
import type { Host } from "../ports/host.ts";
import { createSliceKeeper, leastKeptMessages } from "./createSliceKeeper.ts";
import { exportSlices } from "./exportSlices.ts";
import { emptySurvey } from "./surveyClient.ts";

const survey = { ...emptySurvey, totalMessages: leastKeptMessages, counts: new Map([["a", leastKeptMessages]]) };
const request = { elements: ["messages"] } as const;
const zeros = new Uint8Array(32);

describe("createSliceKeeper", () => {
  it("behavior: overwrites the key of the slices where it is aborted after that was derived", async () => {
    // The fingerprint of the archive key comes first.
    const derived: ArrayBuffer[] = [];
    const deriveBits = crypto.subtle.deriveBits.bind(crypto.subtle);
    const derives = vi.spyOn(crypto.subtle, "deriveBits").mockImplementation(async (...args) => {
      const bits = await deriveBits(...args);
      derived.push(bits);
      return bits;
    });
    onTestFinished(() => derives.mockRestore());
    const aborting = new AbortController();
    const kept = {
      list: async () => {
        if (derived.length > 1) aborting.abort();
        return [];
      },
    };
    const journal = { read: async () => undefined, remove: async () => undefined };
    const dependencies = { host: { kept, features: { timeSlices: true } }, journal, clock: { now: () => 0 } } as unknown as Dependencies;
    const identity = { inboxId: "inbox", installationId: "installation", network: "dev" } as const;
    const key = new Uint8Array(32).fill(1);
    const keeper = createSliceKeeper(dependencies, { identity, key, request, survey, revisions: undefined, signal: aborting.signal });
    await expect(keeper).rejects.toThrow("aborted");
    expect(derived).toHaveLength(2);
    expect(new Uint8Array(derived[1] as ArrayBuffer)).toEqual(zeros);
  });
});

describe("exportSlices", () => {
  it("behavior: overwrites the key of the slices where it is aborted while they are planned", async () => {
    const aborting = new AbortController();
    const sliceKey = new Uint8Array(32).fill(1);
    const countMessages = async () => {
      aborting.abort();
      throw aborting.signal.reason;
    };
    const host = { features: { timeSlices: true }, countMessages } as unknown as Host;
    const pace = { atOnce: 1, begin: () => async () => undefined };
    const keeper = {
      sliceKey,
      taken: [],
      plan: () => undefined,
      copy: () => Promise.reject(new Error("There is nothing to copy.")),
      note: async () => undefined,
    };
    const tools = { signal: aborting.signal, report: () => undefined };
    await expect(exportSlices(host, { request, survey, nowMs: 1, pace, keeper }, tools)).rejects.toThrow("aborted");
    expect(sliceKey).toEqual(zeros);
  });
});
