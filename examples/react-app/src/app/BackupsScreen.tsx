import { useCallback } from "react";
import { Archives } from "./Archives.tsx";
import { BackUpNow } from "./BackUpNow.tsx";
import { Health } from "./Health.tsx";
import type { Restoring } from "./Home.tsx";

export function BackupsScreen({ onRestore }: { onRestore(restoring: Restoring): void }) {
  const restore = useCallback((archiveId: string) => onRestore({ archiveId }), [onRestore]);
  return (
    <div className="page">
      <Health />
      <BackUpNow />
      <Archives onRestore={restore} />
    </div>
  );
}
