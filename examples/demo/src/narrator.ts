import { describeRemaining, type Progress, type TaskState } from "@xmtp-backup/core";

/** Tells the story: to a person in the terminal, or to nobody. */
export type Narrator = {
  chapter(title: string): void;
  say(line: string): void;
  /** Shows a task's stages and progress until it has ended. */
  follow(task: { getState(): TaskState<string, unknown, unknown>; subscribe(listener: () => void): () => void }): void;
};

export const silentNarrator: Narrator = { chapter() {}, say() {}, follow() {} };

const barWidth = 24;

export function terminalNarrator(output: NodeJS.WriteStream): Narrator {
  const { isTTY = false } = output;
  const styled = (code: number, text: string) => (isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  const write = (line: string) => output.write(`${line}\n`);
  const rewrite = (line: string) => isTTY && output.write(`\r\u001b[2K${line}`);

  return {
    chapter: (title) => write(`\n${styled(1, title)}`),
    say: (line) => write(`  ${line}`),
    follow(task) {
      let stage: string | undefined;
      let progress: Progress = { kind: "indeterminate" };
      const endStage = () => {
        if (!stage) return;
        rewrite("");
        write(`  ${styled(32, "✓")} ${stage.padEnd(11)} ${describe(progress)}`);
        stage = undefined;
        progress = { kind: "indeterminate" };
      };
      const onChange = () => {
        const state = task.getState();
        if (state.status !== "running") return endStage();
        if (state.stage !== stage) endStage();
        stage = state.stage;
        if (state.progress.kind === "determinate") progress = state.progress;
        rewrite(`  … ${stage.padEnd(11)} ${bar(state.progress)} ${describe(progress)}`);
      };
      task.subscribe(onChange);
      onChange();
    },
  };
}

function bar(progress: Progress): string {
  if (progress.kind === "indeterminate" || progress.total === 0) return "";
  const filled = Math.round((progress.done / progress.total) * barWidth);
  return "█".repeat(filled) + "░".repeat(barWidth - filled);
}

function describe(progress: Progress): string {
  if (progress.kind === "indeterminate") return "";
  const { done, total, unit } = progress;
  const remaining = done < total ? describeRemaining(progress) : undefined;
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${unit}${remaining ? `, ${remaining}` : ""}`;
}
