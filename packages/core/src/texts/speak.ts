import type { TextArea, TextCatalogue, TextValues } from "./textCatalogue.ts";
import type { PluralForms } from "./english/pluralForms.ts";

/** Says the text of a key in the language of the catalogue it was made for. */
export type Speak<Area extends TextArea> = <Key extends keyof Area & string>(key: Key, ...values: TextValues<Area[Key]>) => string;

/**
 * Makes the function that says the texts of an area.
 *
 * A text that the catalogue lacks, or that is empty in it, is said in English. Values are put in as they are: what people
 * wrote themselves never stands for a placeholder.
 *
 * @param neutral - the text of a key that there is not: another version of the app may have given the code that it was made of
 */
export function speak<Area extends TextArea>(english: Area, catalogue?: TextCatalogue, neutral?: keyof Area & string): Speak<Area> {
  const translated: Readonly<Record<string, string | PluralForms | undefined>> = catalogue?.texts ?? {};
  const locale = catalogue?.locale ?? "en";
  return (asked, ...[values = {}]: readonly [Values?]) => {
    const key = neutral === undefined || Object.hasOwn(english, asked) ? asked : neutral;
    const own = inForm(translated[key], values, locale);
    const text = own ?? inForm(english[key], values, "en") ?? "";
    return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => inWords(values[name], locale) ?? placeholder);
  };
}

type Values = Readonly<Record<string, string | number>>;

function inForm(text: string | PluralForms | undefined, { count }: Values, locale: string): string | undefined {
  if (!text || typeof text === "string") return text || undefined;
  return text[formOf(Number(count), locale)] || text.other || undefined;
}

/** Engines without `Intl.PluralRules`, such as Hermes, tell one from other. */
function formOf(count: number, locale: string): Intl.LDMLPluralRule {
  if (typeof Intl === "undefined" || !Intl.PluralRules) return count === 1 ? "one" : "other";
  return new Intl.PluralRules(locale).select(count);
}

function inWords(value: string | number | undefined, locale: string): string | undefined {
  if (typeof value !== "number") return value;
  return typeof Intl === "undefined" || !Intl.NumberFormat ? `${value}` : new Intl.NumberFormat(locale).format(value);
}
