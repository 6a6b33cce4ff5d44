import type { Dependencies } from "./ports/dependencies.ts";
import { createSteadyTime } from "./time/createSteadyTime.ts";
import { BackupError } from "./errors/backupError.ts";
import { assertBackupsOptions } from "./assertBackupsOptions.ts";
import { silentDevice } from "./ports/device.ts";
import { fullReuse } from "./ports/reuse.ts";
import type { ActivationSettings, BackupsOptions } from "./backupsOptions.ts";
import type { FullPolicy } from "./policy/rules/backupPolicy.ts";
import { normalizePolicy } from "./policy/rules/normalizePolicy.ts";
import type { RecreateDms } from "./activation/rules/recreating.ts";
import { createLog } from "./logging/createLog.ts";
import { systemClock } from "./time/systemClock.ts";
import { toInspect } from "./logging/toInspect.ts";

const recreateChoices: readonly RecreateDms[] = ["ask", "auto", "never"];

export type Settings = { dependencies: Dependencies; policy: FullPolicy; activation: ActivationSettings };

/**
 * @throws POLICY_INVALID when a setting of the policy is wrong
 * @throws OPTIONS_INVALID when another setting can't be
 */
export function toSettings(options: BackupsOptions): Settings {
  assertBackupsOptions(options);
  const {
    host,
    store,
    keys,
    policy,
    activation = {},
    appVersion,
    allowNewKey,
    reuse,
    journal,
    lock,
    clock,
    device,
    logger,
    inspect,
  } = options;
  if (activation.recreateDms !== undefined && !recreateChoices.includes(activation.recreateDms)) {
    throw new BackupError("OPTIONS_INVALID", `activation.recreateDms is one of ${recreateChoices.join(", ")}.`);
  }
  const full = normalizePolicy(policy);
  const time = clock ?? systemClock;
  return {
    dependencies: {
      host,
      store,
      keys,
      journal: journal ?? host.journal,
      lock: lock ?? host.lock,
      clock: time,
      steadyMs: createSteadyTime(time),
      device: device ?? host.device ?? silentDevice,
      log: createLog(logger),
      reuse: reuse === false ? false : fullReuse(reuse),
      inspect: toInspect(inspect),
      ...(appVersion !== undefined && { appVersion }),
      ...(allowNewKey !== undefined && { allowNewKey }),
    },
    policy: full,
    activation,
  };
}
