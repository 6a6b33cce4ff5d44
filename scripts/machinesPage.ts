import { backupMachine, backupPolicyMachine, conversationActivationMachine, restoreMachine } from "@xmtp-backup/core";
import type { AnyStateMachine } from "xstate";
import { drawMachine } from "./drawMachine.ts";

/** The machines that docs/machines.md shows. */
export const machines: readonly AnyStateMachine[] = [backupMachine, restoreMachine, backupPolicyMachine, conversationActivationMachine];

export const machinesPage = new URL("../docs/machines.md", import.meta.url);

/** The page with the picture of each machine as it is now, below the mark that names it. */
export function withPictures(page: string): string {
  return machines.reduce((text, machine) => {
    const [before = "", after, ...more] = text.split(`<!-- machine: ${machine.id} -->\n`);
    if (after === undefined || more.length > 0) throw new Error(`docs/machines.md needs one mark for a picture of ${machine.id}.`);
    const rest = after.replace(/^\n```mermaid\n[^]*?\n```\n/u, "");
    return `${before}<!-- machine: ${machine.id} -->\n\n\`\`\`mermaid\n${drawMachine(machine)}\n\`\`\`\n${rest}`;
  }, page);
}
