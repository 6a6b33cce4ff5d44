import { Dm, Group } from "@xmtp/browser-sdk";
import { expect, test } from "vitest";
import { guardedMethods } from "@xmtp-backup/core/sdk";

test("default: names every method of the SDK's conversations that writes or syncs, and no other", () => {
  const writes = [...methodsOf(Group.prototype), ...methodsOf(Dm.prototype)].filter((name) =>
    /^(send|sync|publish|update|add|remove|request)/.test(name),
  );
  const local = ["updateConsentState"];
  expect([...guardedMethods].sort()).toEqual([...new Set(writes)].filter((name) => !local.includes(name)).sort());
});

function methodsOf(prototype: object): string[] {
  const names: string[] = [];
  for (let each: unknown = prototype; each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    const descriptors = Object.getOwnPropertyDescriptors(each);
    names.push(...Object.keys(descriptors).filter((name) => typeof descriptors[name]?.value === "function"));
  }
  return names;
}
