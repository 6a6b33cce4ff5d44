import fc from "fast-check";
import { expect, test } from "vitest";
import { metadataArbitrary, recordArbitrary } from "../../test-support/arbitraries.ts";
import { toHex } from "./hex.ts";
import { decodeRecord, encodeRecord } from "./recordCodec.ts";
import { ELEMENT, RecordScan } from "./recordScan.ts";
import { runs } from "../../../../test/runs.ts";

const scan = new RecordScan();

/** A scan is a decoder's shortcut: both must see the same in the same bytes. */
const expectAgreement = (bytes: Uint8Array) => {
  const record = decodeRecord(bytes);
  scan.scan(bytes);
  if (scan.element === -1 || scan.element === ELEMENT.message) {
    expect(scan.element === -1).toBe(record.kind === "unreadable");
    if (record.kind !== "message") return;
    const { id, groupId, sentAtNs } = record.message;
    expect(toHex(scan.bytes.subarray(scan.idStart, scan.idEnd))).toBe(id);
    expect(toHex(scan.bytes.subarray(scan.groupStart, scan.groupEnd))).toBe(groupId);
    expect(BigInt.asIntN(64, (BigInt(scan.sentHigh) << 32n) | BigInt(scan.sentLow))).toBe(sentAtNs);
  } else {
    const kinds = ["none", "metadata", "group", "message", "consent", "event"];
    expect([kinds[scan.element], "unreadable"]).toContain(record.kind);
  }
};

const records = fc.oneof(metadataArbitrary, recordArbitrary).map(encodeRecord);

test("behavior: agrees with the decoder", () => {
  fc.assert(fc.property(records, expectAgreement), { numRuns: runs(500) });
});

test("behavior: agrees with the decoder on bytes that were changed", () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(records, changes, (bytes, places) => {
      for (const [at, value] of places) if (bytes.length > 0) bytes[at % bytes.length] = value;
      expectAgreement(bytes);
    }),
    { numRuns: runs(5000) },
  );
});

test("behavior: agrees with the decoder on records that were joined or cut", () => {
  fc.assert(
    fc.property(records, records, fc.nat(), (one, other, cut) => {
      expectAgreement(Uint8Array.of(...one, ...other));
      expectAgreement(one.subarray(0, cut % (one.length + 1)));
    }),
    { numRuns: runs(1000) },
  );
});
