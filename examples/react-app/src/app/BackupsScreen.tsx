import { Archives } from "./Archives.tsx";
import { BackUpNow } from "./BackUpNow.tsx";
import { Health } from "./Health.tsx";

export function BackupsScreen({ onRestore }: { onRestore(archiveId: string): void }) {
  return (
    <div className="page">
      <Health />
      <BackUpNow />
      <Archives onRestore={onRestore} />
    </div>
  );
}
