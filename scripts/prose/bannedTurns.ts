export type BannedTurn = {
  /** What the lint calls it. */
  name: string;
  pattern: RegExp;
  /** What to write. */
  instead: string;
};

const negation = String.raw`(?:not|never|nothing|none|nobody|cannot|neither|without|\w+n['’]t)`;
/** Within one clause: up to a mark or a word that joins clauses. */
const sameClause = String.raw`(?:(?!\b(?:and|or|but|so|if|when|because|until|unless|nor)\b)[^,;:.()–—]){1,60}?`;

/** Turns that readers stumble over, with what to write. Each pattern is tried on one sentence, whose code and links are masked. */
export const bannedTurns: readonly BannedTurn[] = [
  { name: "anew", pattern: /\banew\b/iu, instead: "Write “again”, or say what is made or started." },
  { name: "by itself", pattern: /\bby (?:itself|themselves)\b/iu, instead: "Write “automatically”, or name what does it." },
  { name: "told", pattern: /\btold\b/iu, instead: "Write “reported” or “shown”, or say what the reader sees." },
  { name: "tells of", pattern: /\btell(?:s|ing)? of\b/iu, instead: "Write “reports”, “shows” or “names”." },
  { name: "taken for none", pattern: /\btak(?:e|es|en|ing) for (?:none|no one|nothing)\b/iu, instead: "Write “treated as missing”." },
  {
    name: "is what it is of",
    pattern: /\b(?:is|are|was|were) what (?:it|they|this|that) (?:is|are|was|were)\b/iu,
    instead: "Name the thing.",
  },
  {
    name: "old word",
    pattern: /\b(?:lest|thereby|therein|thereof|whereby|wherein|whence|hitherto|henceforth|insofar)\b/iu,
    instead: "Use an everyday word.",
  },
  { name: "not un-", pattern: /\bnot un(?!der|til|less|ion|ique|it|iform|iversal|wrap|lock|pack|do)\w+/iu, instead: "Say what it is." },
  {
    name: "two negations",
    pattern: new RegExp(String.raw`\b(?:no|${negation})\b(?!-)${sameClause}\b${negation}\b`, "iu"),
    instead: "Say it with one negation, or with none.",
  },
];

/** A sentence that begins so makes its reader wait for the subject. Questions may. */
export const relativeClauseFirst: BannedTurn = {
  name: "relative clause first",
  pattern: /^["“(*_]*(?:what|who|whoever|whatever|whom|whose|whichever|which)\b(?![^]*\?)/iu,
  instead: "Begin with the subject.",
};

/** Headings name their topic. */
export const headingAsQuestion: BannedTurn = {
  name: "heading as a question",
  pattern: /\?|^(?:what|who|whose|whom|which|whoever|whatever|whether|why)\b/iu,
  instead: "Name the topic.",
};
