import { TextlintKernel, type TextlintMessage, type TextlintRuleModule } from "@textlint/kernel";
import markdown from "@textlint/textlint-plugin-markdown";

const kernel = new TextlintKernel();
// Bundlers and Node disagree on the default export of a CommonJS module.
const plugin = "default" in markdown ? markdown.default : markdown;

/** Runs rules over a Markdown text. */
export async function runRules(text: string, rules: Readonly<Record<string, TextlintRuleModule>>): Promise<TextlintMessage[]> {
  const { messages } = await kernel.lintText(text, {
    ext: ".md",
    plugins: [{ pluginId: "markdown", plugin }],
    rules: Object.entries(rules).map(([ruleId, rule]) => ({ ruleId, rule })),
  });
  return messages;
}
