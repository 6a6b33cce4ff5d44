import { describe, expect, test } from "vitest";

import { parseCommand } from "./parseCommand.ts";

describe("parseCommand", () => {
  test("default", () => {
    expect(parseCommand([])).toEqual({ kind: "start", options: { port: 5556 } });
  });

  test("parameters: --port and --persist-to", () => {
    expect(parseCommand(["--port", "0", "--persist-to", "network.sqlite"])).toEqual({
      kind: "start",
      options: { port: 0, persistTo: "network.sqlite" },
    });
  });

  test("parameters: --help", () => {
    expect(parseCommand(["--help"])).toEqual({ kind: "help" });
  });

  test.each([
    [["--port", "http"]],
    [["--port", "70000"]],
    [["--port", "1.5"]],
    [["--port"]],
    [["--persist-to", ""]],
    [["--verbose"]],
    [["5556"]],
  ])("behavior: rejects %j", (args) => {
    expect(() => parseCommand(args)).toThrow();
  });
});
