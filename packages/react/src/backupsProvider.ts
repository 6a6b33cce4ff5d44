import type { Backups } from "@xmtp-backup/core";
import { createContext, createElement, type ReactNode, useContext } from "react";

const BackupsContext = createContext<Backups | undefined>(undefined);

export type BackupsProviderProps = {
  /** Created and started once, outside of components: the provider neither starts nor stops it. */
  backups: Backups;
  children?: ReactNode;
};

/**
 * Gives the backups of one XMTP client to the hooks below it.
 *
 * @example
 * ```tsx
 * import type { Backups } from "@xmtp-backup/core";
 * import { BackupsProvider, useBackupStatus } from "@xmtp-backup/react";
 *
 * const App = ({ backups }: { backups: Backups }) => <BackupsProvider backups={backups}><Health /></BackupsProvider>;
 * const Health = () => <p>{useBackupStatus().health?.reason}</p>;
 * ```
 */
export function BackupsProvider({ backups, children }: BackupsProviderProps): ReactNode {
  return createElement(BackupsContext.Provider, { value: backups }, children);
}

/** The backups that the nearest `BackupsProvider` gives, for whatever has no hook. */
export function useBackups(): Backups {
  const backups = useContext(BackupsContext);
  if (!backups) throw new Error("There is no BackupsProvider above this component.");
  return backups;
}
