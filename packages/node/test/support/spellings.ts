/** A secret, or what a secret was wrapped into. */
export type Secret = { what: string; bytes: Uint8Array };

/** How bytes could be written: as they are, in hex, in base64 wherever they begin in it, as numbers. */
export function spellingsOf(secret: Uint8Array): Buffer[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const texts = [hex, hex.toUpperCase(), [...bytes].join(","), [...bytes.subarray(0, 12)].join(", ")];
  // The first and the last letters of base64 hold bits of what lies beside the secret.
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    for (const encoding of ["base64", "base64url"] as const)
      texts.push(
        shifted
          .toString(encoding)
          .replace(/=+$/, "")
          .slice(shift === 0 ? 0 : shift + 1, -1),
      );
  }
  return [bytes, ...texts.map((text) => Buffer.from(text))];
}

/** What is found of secrets in what was heard: `<what> in <where>`, each once. */
export function tracesOf(secrets: readonly Secret[], heard: ReadonlyMap<string, Buffer>): string[] {
  const needles = secrets.map(({ what, bytes }) => ({ what, spellings: spellingsOf(bytes) }));
  const found = [...heard].flatMap(([where, text]) =>
    needles.filter(({ spellings }) => spellings.some((each) => text.includes(each))).map(({ what }) => `${what} in ${where}`),
  );
  return [...new Set(found)].sort();
}

/** Words that would give a phrase away: any three that follow each other. */
export function triplesOf(phrase: string): Secret[] {
  const words = phrase.split(" ");
  return words.slice(2).map((_, index) => ({
    what: `words ${index + 1} to ${index + 3} of the phrase`,
    bytes: Buffer.from(words.slice(index, index + 3).join(" ")),
  }));
}
