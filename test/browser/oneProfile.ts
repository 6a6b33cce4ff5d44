import type { TestContext } from "vitest";
import { openOnce } from "./openOnce.ts";
import { openProfile, type Profile, type ProfileOptions, type Script } from "./openProfile.ts";

/** One browser profile for all tests of a file, where each can open a site of its own; where there is no browser they are skipped. */
export function oneProfile<Exports extends Script<Exports>>(
  options: () => Promise<Omit<ProfileOptions, "browserPath">>,
): (context: TestContext) => Promise<Profile<Exports>> {
  return openOnce(async (browserPath) => openProfile<Exports>({ ...(await options()), browserPath }));
}
