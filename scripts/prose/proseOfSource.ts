import ts from "typescript";

/** A Markdown text made of a source's prose, and the source's line of each of its lines. */
export type SourceProse = { text: string; lines: readonly number[] };
type Piece = { line: number; lines: string[] };
type Range = { pos: number; end: number };

/** They speak to tools. */
const directive = /^\s*(?:@ts-|eslint|biome-|prettier-|v8 |c8 |istanbul |<reference|textlint-|#region|#endregion)/u;

/** The comments of a TypeScript file. */
export function commentsOf(source: string, name = "source.tsx"): SourceProse {
  const file = parse(source, name);
  const ranges = new Map<number, Range>();
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(source, node.pos) ?? []) ranges.set(range.pos, range);
    for (const range of ts.getTrailingCommentRanges(source, node.end) ?? []) ranges.set(range.pos, range);
    if (node.kind !== ts.SyntaxKind.JsxText) node.getChildren(file).forEach(visit);
  };
  visit(file);
  const pieces: Piece[] = [];
  let before: Range | undefined;
  for (const range of [...ranges.values()].sort((left, right) => left.pos - right.pos)) {
    const piece = { line: lineOf(file, range.pos), lines: source.slice(range.pos, range.end).split("\n").map(withoutMarks) };
    const previous = pieces.at(-1);
    if (piece.lines.every((line) => directive.test(line))) continue;
    if (previous && before && isNextLine(source, before, range)) previous.lines.push(...piece.lines);
    else pieces.push(piece);
    before = range;
  }
  return join(pieces);
}

/** The strings of a TypeScript file that are made of words. */
export function stringsOf(source: string, name = "source.tsx"): SourceProse {
  const file = parse(source, name);
  const pieces: Piece[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) add(node, node.text);
    else if (ts.isTemplateExpression(node))
      add(node, node.head.text + node.templateSpans.map((span) => `\`value\`${span.literal.text}`).join(""));
    else if (ts.isJsxText(node)) add(node, node.text.trim());
    ts.forEachChild(node, visit);
  };
  const add = (node: ts.Node, text: string): void => {
    if (/[a-z]{2}[^]*\s[^]*[a-z]{2}/iu.test(text)) pieces.push({ line: lineOf(file, node.getStart(file)), lines: text.split("\n") });
  };
  visit(file);
  return join(pieces);
}

function parse(source: string, name: string): ts.SourceFile {
  return ts.createSourceFile(name, source, ts.ScriptTarget.Latest, false, name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
}

const lineOf = (file: ts.SourceFile, position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;

/** Whether a `//` comment goes on where the one before ended: on a line of its own, right below. */
function isNextLine(source: string, before: Range, { pos }: Range): boolean {
  const isAlone = (at: number): boolean =>
    source.startsWith("//", at) && source.slice(source.lastIndexOf("\n", at - 1) + 1, at).trim() === "";
  return isAlone(before.pos) && isAlone(pos) && /^[^\n\S]*\n[^\n\S]*$/u.test(source.slice(before.end, pos));
}

/** A line of a comment without the comment's own signs. */
function withoutMarks(line: string): string {
  return line.replace(/^\s*(?:\/\*\*?|\/\/+|\*(?!\/))? ?/u, "").replace(/\s*\*\/\s*$/u, "");
}

/** Each piece, and each tag of a docstring, is a paragraph of its own. */
function join(pieces: readonly Piece[]): SourceProse {
  const text: string[] = [];
  const lines: number[] = [];
  const add = (content: string, line: number): void => void (text.push(content), lines.push(line));
  for (const piece of pieces) {
    add("", piece.line);
    let isCode = false;
    piece.lines.forEach((content, index) => {
      if (content.startsWith("```")) isCode = !isCode;
      if (content.startsWith("@") && !isCode) add("", piece.line + index);
      add(content, piece.line + index);
    });
    if (isCode) add("```", piece.line + piece.lines.length - 1);
  }
  return { text: text.join("\n"), lines };
}
