import type { AnyStateMachine, AnyStateNode } from "xstate";

type Arrow = { from: AnyStateNode; to: AnyStateNode; label: string };

/**
 * A machine as a Mermaid state diagram: every state once, states that hold others as groups, and every way from one to another.
 *
 * What changes no state is left out. An arrow that the states of a group share is drawn once, from the group.
 */
export function drawMachine({ root }: AnyStateMachine): string {
  const nodes = within(root);
  const twice = nodes.find(({ key }, index) => nodes.findIndex((node) => node.key === key) < index);
  if (twice) throw new Error(`Two states are called ${twice.key}: Mermaid would draw them as one.`);
  const arrows = nodes.filter(isGroup).reduceRight(share, [root, ...nodes].flatMap(arrowsOf));
  const ends = nodes.filter(({ type }) => type === "final").map(({ key }) => `  ${key} --> [*]`);
  return ["stateDiagram-v2", ...drawInside(root, arrows, "  "), ...ends].join("\n");
}

/** The names of the states that hold no other state, in order. */
export function statesOf({ root }: AnyStateMachine): string[] {
  return within(root)
    .filter((node) => !isGroup(node))
    .map(({ key }) => key);
}

function drawInside(group: AnyStateNode, arrows: readonly Arrow[], indent: string): string[] {
  const children = Object.values(group.states);
  const first = group.type === "parallel" ? children : (group.initial.target ?? []);
  const groups = children.filter(isGroup).flatMap((child) => [`state ${child.key} {`, ...drawInside(child, arrows, "  "), "}"]);
  const own = arrows.filter((arrow) => placeOf(arrow) === group);
  const any = group.parent ? `any_${group.key}` : "any";
  const anyState = own.some(({ from }) => from === group) ? [`state "any state" as ${any}`] : [];
  const ways = merge(own).map(({ from, to, label }) => `${from === group ? any : from.key} --> ${to.key}: ${label}`);
  return [...first.map(({ key }) => `[*] --> ${key}`), ...groups, ...anyState, ...ways].map((line) => `${indent}${line}`);
}

/** The group that an arrow is written in. Mermaid puts both ends into it, so one that crosses a border stands outside of all groups. */
function placeOf({ from, to }: Arrow): AnyStateNode | undefined {
  return from === to.parent || from.parent === to.parent ? to.parent : to.machine.root;
}

/** Every transition of a state that leads to a state, with its event and its guard. */
function arrowsOf(from: AnyStateNode): Arrow[] {
  return [...from.transitions.values(), from.always ?? []].flatMap((transitions) =>
    transitions.flatMap(({ eventType, guard, target = [] }, index) => {
      const condition = guard ? `[${guardName(guard)}]` : index > 0 ? "[else]" : "";
      const label = [eventName(eventType as string), condition].filter(Boolean).join(" ") || "at once";
      return target.map((to) => ({ from, to, label }));
    }),
  );
}

/** Where all states of a group that have an arrow of one label go to the same place outside, one arrow from the group stands for them. */
function share(arrows: Arrow[], group: AnyStateNode): Arrow[] {
  const ofChildren = arrows.filter(({ from }) => from.parent === group);
  const shared = [...new Set(ofChildren.map(({ label }) => label))].flatMap((label) => {
    const same = ofChildren.filter((arrow) => arrow.label === label);
    const [to, ...others] = new Set(same.map((arrow) => arrow.to));
    return to && others.length === 0 && same.length > 1 && !isWithin(to, group) ? [{ from: group, to, label }] : [];
  });
  return [...arrows.filter(({ from, label }) => from.parent !== group || shared.every((arrow) => arrow.label !== label)), ...shared];
}

/** One arrow for all ways from one state to another. */
function merge(arrows: readonly Arrow[]): Arrow[] {
  const ways = new Map<string, Arrow>();
  for (const { from, to, label } of arrows) {
    const way = ways.get(`${from.id} ${to.id}`);
    ways.set(`${from.id} ${to.id}`, { from, to, label: way ? `${way.label}<br>${label}` : label });
  }
  return [...ways.values()];
}

function eventName(type: string): string {
  if (type.startsWith("xstate.done.")) return "done";
  if (type.startsWith("xstate.error.")) return "error";
  const [, delay] = /^xstate\.after\.([^.]+)/.exec(type) ?? [];
  return delay === undefined ? type : `after ${delay}`;
}

function guardName(guard: unknown): string {
  const name = typeof guard === "object" && guard !== null && "type" in guard ? guard.type : guard;
  if (typeof name !== "string") throw new Error("A guard without a name can't be drawn: name it in setup().");
  return name;
}

/** Every state that a state holds, in order. */
function within(node: AnyStateNode): AnyStateNode[] {
  return Object.values(node.states).flatMap((child) => [child, ...within(child)]);
}

const isGroup = (node: AnyStateNode): boolean => Object.keys(node.states).length > 0;
const isWithin = (node: AnyStateNode, group: AnyStateNode): boolean =>
  node !== group && group.path.every((key, index) => node.path[index] === key);
