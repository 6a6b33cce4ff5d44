import { expect, it } from "vitest";

/** A factory, options that are right, the names of those that it needs, and options that are wrong. */
export type FactoryCase = { make: unknown; right: object; needs: readonly string[]; wrong: object };

/** What a factory says when it refuses its options. */
export function refusalOf(make: unknown, options?: unknown): string {
  try {
    (make as (options: unknown) => unknown)(options);
    return "nothing was refused";
  } catch (error) {
    expect(error).toMatchObject({ name: "BackupError", code: "OPTIONS_INVALID" });
    return (error as { shortMessage: string; details?: string }).shortMessage + " " + ((error as { details?: string }).details ?? "");
  }
}

/** Tests what each factory says of options that are missing, mistyped, unknown or of another kind. */
export function testFactories(factories: Record<string, FactoryCase>): void {
  it.each(Object.entries(factories))("parameters: %s", (name, { make, right, needs, wrong }) => {
    expect(refusalOf(make, right)).toBe("nothing was refused");
    for (const nothing of [null, 5, "text", [], Promise.resolve(right)])
      expect(refusalOf(make, nothing)).toContain(`${name} takes its options as an object.`);
    expect(refusalOf(make)).toBe(
      needs.length > 0 ? `${name} takes its options as an object. It needs ${needs.join(" and ")}.` : "nothing was refused",
    );
    for (const need of needs) expect(refusalOf(make, { ...right, [need]: undefined })).toBe(`${name}: ${need} is missing. `);
    const [known = ""] = Object.keys(right);
    const mistyped = `${known}z`;
    expect(refusalOf(make, { ...right, [mistyped]: 1 })).toBe(`${name} has no option "${mistyped}". Did you mean ${known}?`);
    expect(refusalOf(make, { ...right, colour: "red" })).toMatch(new RegExp(`^${name} has no option "colour"`));
    for (const [option, value] of Object.entries(wrong)) {
      const refusal = refusalOf(make, { ...right, [option]: value as unknown });
      expect(refusal).toContain(option);
      expect(refusal).not.toContain("secret");
    }
  });
}
