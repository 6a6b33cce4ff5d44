import fc from "fast-check";

const phone = fc.nat({ max: 2 });
const which = fc.nat({ max: 9 });
const death = fc.option(
  fc.record({ afterCalls: fc.nat({ max: 40 }), when: fc.constantFrom("before" as const, "after" as const), withPower: fc.boolean() }),
  { freq: 2, nil: undefined },
);
const year = 365 * 24 * 60 * 60 * 1000;

/** What a store, a server or a sync program can do to the files of a place, by mischance or by intent. */
export const tampering = fc.constantFrom(
  "cutArchive",
  "flipArchive",
  "loseArchive",
  "flipManifest",
  "cutManifest",
  "loseManifest",
  "replayManifest",
  "replayPlace",
  "swapManifests",
  "renameManifest",
  "redateManifest",
  "junkManifest",
  "futureManifest",
  "loseRing",
  "replayRing",
);

/** Everything that can happen to a user's phones and to the place with their archives. */
export const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("write" as const), phone, messages: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("backUp" as const), phone, part: fc.constantFrom("whole", "consent", "day"), death }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("restore" as const), phone, which, isStale: fc.boolean(), death }) },
  fc.record({ kind: fc.constant("start" as const), phone }),
  fc.record({ kind: fc.constant("pin" as const), phone, which }),
  fc.record({ kind: fc.constant("verify" as const), phone, which }),
  fc.record({ kind: fc.constant("rotate" as const), phone, death }),
  fc.record({ kind: fc.constant("openRing" as const), phone }),
  fc.record({ kind: fc.constant("putRingBack" as const), phone, death }),
  fc.record({ kind: fc.constant("repair" as const), phone, death }),
  fc.record({ kind: fc.constant("rekey" as const), phone, which, death }),
  fc.record({ kind: fc.constant("wipe" as const), phone }),
  fc.record({ kind: fc.constant("revoke" as const), phone }),
  fc.record({
    kind: fc.constant("setClock" as const),
    phone,
    offsetMs: fc.oneof(fc.integer({ min: -2 * year, max: 2 * year }), fc.constantFrom(0, 25 * 60 * 60 * 1000)),
  }),
  fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 90 }) }),
  fc.record({
    kind: fc.constant("fail" as const),
    call: fc.constantFrom("put", "putManifest", "list", "get", "remove", "unfinished", "getDocument", "putDocument"),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant("loseAnswer" as const), call: fc.constantFrom("put", "putManifest", "remove", "putDocument") }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("tamper" as const), how: tampering, which, other: which }) },
);

/** Nights of one phone, which build on each other, and now and then anything else. */
export const anyNight = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("write" as const), phone: fc.constant(0), messages: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("backUp" as const), phone: fc.constant(0), part: fc.constant("whole" as const), death }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: anyStep },
);

export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;
