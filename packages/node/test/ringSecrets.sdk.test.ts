import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalNetwork, type LocalNetwork } from "@xmtp-backup/local-network";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pathsIn } from "./support/filesIn.ts";
import { ringRunFiles, type RingRunAssignment, type RingRunReport } from "./support/ringRun.ts";
import { spellingsOf, tracesOf, triplesOf } from "./support/spellings.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const script = fileURLToPath(new URL("./support/ringRunChild.ts", import.meta.url));

/** Runs it all in a process with a home and a folder for temporary files of its own. */
async function runRing(assignment: RingRunAssignment): Promise<{ report: RingRunReport; printed: Buffer }> {
  const env = { PATH: process.env["PATH"], HOME: assignment.folder, TMPDIR: join(assignment.folder, ringRunFiles.temporary) };
  const child = fork(script, [JSON.stringify(assignment)], {
    execArgv: ["--conditions=@xmtp-backup/source"],
    serialization: "advanced",
    silent: true,
    env,
  });
  const printed: Buffer[] = [];
  for (const output of [child.stdout!, child.stderr!]) output.on("data", (chunk: Buffer) => printed.push(chunk));
  let report: RingRunReport | undefined;
  child.on("message", (said) => (report = said as RingRunReport));
  await once(child, "close");
  if (!report) throw new Error(`The run ended without a word: ${Buffer.concat(printed).toString().slice(-3_000)}`);
  return { report, printed: Buffer.concat(printed) };
}

describe("secrets of a key ring", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let network: LocalNetwork;
  let report: RingRunReport;
  const heard = new Map<string, Buffer>();
  const files = new Map<string, Buffer>();
  let everything: Map<string, Buffer>;

  beforeAll(async () => {
    [folder, network] = await Promise.all([temporaryFolder(), startLocalNetwork()]);
    for (const name of [ringRunFiles.temporary, "installation-0", "installation-1"]) await mkdir(join(folder.path, name));
    const run = await runRing({ networkUrl: network.url, folder: folder.path });
    report = run.report;
    heard.set("what was heard", Buffer.concat(report.heard.flatMap((each) => [each, Buffer.from("\n")])));
    heard.set("what was printed", run.printed);
    for (const path of await pathsIn(folder.path)) files.set(relative(folder.path, path), await readFile(path));
    everything = new Map([...heard, ...files, ["file names", Buffer.from([...files.keys()].join("\n"))]]);
  });
  afterAll(async () => {
    await network?.close();
    await folder?.dispose();
  });

  it("behavior: the run was a whole one, and all of it was heard", () => {
    expect(report.codes).toEqual([
      "PASSPHRASE_WEAK",
      "KEY_INVALID",
      "KEY_MISSING",
      "SECRET_WRONG",
      "SECRET_WRONG",
      "SLOT_FAILED",
      "PHRASE_INVALID",
      "PHRASE_INVALID",
      "KEY_WRONG",
    ]);
    const said = heard.get("what was heard")!.toString("latin1");
    const stages = ["exporting", "storing", "importing", "checking"].map((stage) => `"stage":"${stage}"`);
    for (const sign of ["@xstate.snapshot", "@xstate.event", '"active":2', ...stages, ...report.codes]) expect(said).toContain(sign);
    expect(heard.get("what was printed")!.length).toBeGreaterThan(10_000);
    // Every new slot was opened once before it was written.
    expect([report.keys.length, report.wrapped.length, report.secrets.filter(({ what }) => what.includes("of a slot")).length]).toEqual([
      2, 10, 11,
    ]);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([ringRunFiles.ring, ...ringRunFiles.keys, "installation-0/client.db3", "installation-1/client.db3"]),
    );
  });

  it("behavior: what is written anywhere, in any spelling, would be found", () => {
    for (const secret of [...report.keys, ...report.secrets, ...report.wrapped]) {
      for (const spelling of spellingsOf(secret.bytes)) {
        const planted = new Map([["a note", Buffer.concat([Buffer.from('{"a":"'), spelling, Buffer.from('"}')])]]);
        expect(tracesOf([secret], planted)).toEqual([`${secret.what} in a note`]);
      }
      const amid = Buffer.concat([Buffer.from("x"), secret.bytes, Buffer.from("yz")]).toString("base64");
      expect(tracesOf([secret], new Map([["base64 of more", Buffer.from(amid)]]))).toHaveLength(1);
    }
    expect(tracesOf(triplesOf(report.phrase), new Map([["a log", Buffer.from(`> ${report.phrase}`)]]))).toHaveLength(22);
  });

  it("default: archive keys are in the devices' key files and nowhere else", () => {
    const expected = report.keys.flatMap(({ what }) => ringRunFiles.keys.map((path) => `${what} in ${path}`));
    expect(tracesOf(report.keys, everything)).toEqual(expected.sort());
  });

  it("default: no slot's secret, no phrase, no passphrase, no key of a database and no message is anywhere", () => {
    expect(tracesOf([...report.secrets, ...triplesOf(report.phrase)], everything)).toEqual([]);
  });

  it("default: what secrets were wrapped into is in the key ring's document and nowhere else", () => {
    const parts = ["recoveryPhrase", "passphrase", "custom"].flatMap((kind) => [`anchor of ${kind}`, `sealedKeys of ${kind}`]);
    expect(tracesOf(report.wrapped, everything)).toEqual(
      [...parts, "wrapped of custom"].map((what) => `${what} in ${ringRunFiles.ring}`).sort(),
    );
  });

  it("default: temporary files are gone, and secrets of slots overwritten", () => {
    expect([[...files.keys()].filter((path) => path.startsWith(`${ringRunFiles.temporary}/`)), report.unwiped]).toEqual([[], 0]);
  });
});
