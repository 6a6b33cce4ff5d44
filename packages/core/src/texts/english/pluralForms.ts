/** One text in the forms that a language's numbers need, as `Intl.PluralRules` calls them. */
export type PluralForms = { readonly [Form in Exclude<Intl.LDMLPluralRule, "other">]?: string } & { readonly other: string };
