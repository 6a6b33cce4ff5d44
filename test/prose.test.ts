import { describe, expect, it, test } from "vitest";
import { root } from "../scripts/packages/readPackages.ts";
import { commentsOf, stringsOf } from "../scripts/prose/proseOfSource.ts";
import { proseFiles } from "../scripts/prose/proseFiles.ts";
import { rulesOfMessages, rulesOfPages } from "../scripts/prose/rules.ts";
import { runRules } from "../scripts/prose/runRules.ts";

/** The rules that a page breaks, with the lines. */
async function broken(text: string): Promise<string[]> {
  return (await runRules(text, rulesOfPages)).map(({ ruleId, line }) => `${line} ${ruleId}`);
}

const words = (count: number): string => ["Word", ...Array.from({ length: count - 1 }, () => "word")].join(" ");

describe("sentence-length", () => {
  it.each([
    ["a paragraph", (text: string) => text],
    ["an item of a list", (text: string) => `- ${text}`],
    ["bold text", (text: string) => `**${text}**`],
    ["what follows a label", (text: string) => `- **What happened**: ${text}`],
  ])("default: %s of 31 words is too long, one of 30 is not", async (_, write) => {
    expect(await broken(write(`${words(31)}.`))).toEqual(["1 sentence-length"]);
    expect(await broken(write(`${words(30)}. ${words(30)}.`))).toEqual([]);
  });

  it("behavior: a cell of a table is read too", async () => {
    const table = (count: number) => `| a | b |\n|---|---|\n| c | ${Array.from({ length: count }, () => "i").join(" ")} |\n`;
    expect(await broken(table(31))).toEqual(["3 sentence-length"]);
    expect(await broken(table(30))).toEqual([]);
  });

  it.each(["`a b c. d`", "[a b c](d)", "[a b. c][d]", "![a b c](d)"])("behavior: %s is one word", async (code) => {
    const page = (count: number) => `${words(count - 1)} ${code}.\n\n[d]: e`;
    expect(await broken(page(30))).toEqual([]);
    expect(await broken(page(31))).toEqual(["1 sentence-length"]);
  });

  it("behavior: a sentence may begin with code, and an abbreviation ends none", async () => {
    expect(await broken(`${words(20)}. \`code\` ${words(20)}.`)).toEqual([]);
    expect(await broken(`${words(20)}, e.g. \`code\`, ${words(20)}.`)).toEqual(["1 sentence-length"]);
  });

  it("behavior: code in a fence is no prose", async () => {
    expect(await broken(`\`\`\`\n${words(40)} anew\n\`\`\``)).toEqual([]);
  });
});

describe("plain-turns", () => {
  it.each([
    "It starts anew.",
    "It goes on by itself.",
    "They end by themselves.",
    "The failure is told.",
    "The app is told of it.",
    "The page tells of it.",
    "A broken list is taken for none.",
    "The archive is what it was.",
    "It retries, lest it fails.",
    "That is not uncommon.",
    "No archive is kept without a key.",
    "It doesn't delete what is not listed.",
  ])("default: %s", async (sentence) => {
    expect(await broken(`One.\n${sentence}`)).toContainEqual("2 plain-turns");
    expect(await broken(`One.\n\`${sentence}\``)).toEqual([]);
  });

  it.each([
    "It is not until then.",
    "No key and no phrase is logged.",
    "Nothing is deleted, and nothing is lost.",
    "It does not start unless you ask.",
  ])("behavior: %s is plain", async (sentence) => {
    expect(await broken(sentence)).toEqual([]);
  });
});

describe("subject-first", () => {
  it.each([
    "What was lost is back.",
    "Who has the key reads it.",
    "Whoever has the key reads it.",
    "“What is kept” is a heading.",
    "- **What happened**: What was typed is wrong.",
  ])("default: %s", async (sentence) => {
    expect(await broken(sentence)).toEqual(["1 subject-first"]);
  });

  it.each(["What is lost?", "**What happened**: The key is gone.", "It says what is lost.", "When it ends, it says so."])(
    "behavior: %s is plain",
    async (sentence) => {
      expect(await broken(sentence)).toEqual([]);
    },
  );
});

test("subject-first: of messages in sources, only whole sentences are held to it", async () => {
  const rulesOf = async (text: string) => (await runRules(text, rulesOfMessages)).map(({ ruleId }) => ruleId);
  expect(await rulesOf("What was passed can't be sent.")).toEqual(["subject-first"]);
  expect(await rulesOf("what is listed")).toEqual([]);
});

describe("heading-topic", () => {
  it.each(["# What is lost", "## Is it safe?", "## Who pays", "## Why it waits"])("default: %s", async (heading) => {
    expect(await broken(heading)).toEqual(["1 heading-topic"]);
  });

  it("behavior: a heading that names its topic is plain", async () => {
    expect(await broken("# Losing a key\n\n## When to back up\n\n## How it works")).toEqual([]);
  });
});

test("cell-length: a cell of 161 characters is too long, one of 160 is not", async () => {
  const table = (length: number) => `| a | b |\n|---|---|\n| c | ${"x".repeat(length)} |\n`;
  expect(await broken(table(161))).toEqual(["3 cell-length"]);
  expect(await broken(table(160))).toEqual([]);
});

describe("proseOfSource", () => {
  const source = [
    "/**",
    " * One sentence.",
    " * @param x Another. `code`",
    " */",
    "const x = 'a string of words'; // after code",
    "// first",
    "// second",
    "",
    "// third",
    "const y = `made ${x} of ${x} parts`; // eslint-disable-line",
  ].join("\n");
  const shown = ({ text, lines }: ReturnType<typeof commentsOf>) =>
    text
      .split("\n")
      .map((line, index) => `${lines[index]} ${line}`)
      .filter((line) => !line.endsWith(" "));

  it("default: comments, with their lines", () => {
    expect(shown(commentsOf(source))).toEqual([
      "2 One sentence.",
      "3 @param x Another. `code`",
      "5 after code",
      "6 first",
      "7 second",
      "9 third",
    ]);
    expect(commentsOf(source).text).toContain("One sentence.\n\n@param");
    expect(commentsOf(source).text).toContain("after code\n\nfirst\nsecond\n\nthird");
  });

  it("default: strings of words, with code for what is filled in", () => {
    expect(shown(stringsOf(source))).toEqual(["5 a string of words", "10 made `value` of `value` parts"]);
  });
});

describe("the files that are read", () => {
  const files = proseFiles(root);

  it("default: every page, every text and every source", () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["README.md", "docs/errors.md", "packages/core/README.md", "packages/core/src/errors/errorCodes.ts"]),
    );
    expect(new Set(files.map(({ kind }) => kind))).toEqual(new Set(["page", "catalogue", "source"]));
    expect(paths.filter((path) => path.startsWith("packages/core/src/texts/english/")).length).toBeGreaterThan(10);
    expect(new Set(paths).size).toBe(paths.length);
  });
});
