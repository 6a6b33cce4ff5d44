import type { Installation } from "../ports/installation.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host } from "../ports/host.ts";
import type { Activation } from "./createActivation.ts";

/** Another installation of the user. */
export type OtherInstallation = Installation & {
  /** An archive of it was restored here: it is the old device, or one of them. */
  isSource: boolean;
};

/** The user's other installations, the newest first. */
export async function listOtherInstallations(host: Host, activation: Activation, options: CallOptions = {}): Promise<OtherInstallation[]> {
  const installations = await host.listInstallations(options);
  const { sourceInstallationIds = [] } = await activation.recall();
  return installations
    .filter(({ isOwn }) => !isOwn)
    .map((installation) => ({ ...installation, isSource: sourceInstallationIds.includes(installation.id) }))
    .sort((a, b) => (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0));
}
