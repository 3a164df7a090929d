// The log files: one of the service, one of each battery.
import { LogFiles, type LogFilesOptions } from '../history/log-files.ts';
import { packLine } from '../history/pack-line.ts';
import { wallMsOf } from './ground.ts';
import type { OfficePart } from './part.ts';

export function logPart(options: LogFilesOptions): OfficePart {
  const files = new LogFiles(options);
  const written = new Map<string, number>();
  return {
    /** Once per sample, however many evaluations it takes part in. */
    state({ packs }) {
      for (const { id, sampleAtMs, reading } of packs) {
        if (sampleAtMs === undefined || !reading || sampleAtMs <= (written.get(id) ?? 0)) continue;
        written.set(id, sampleAtMs);
        files.append(`battery-${id}`, packLine(wallMsOf(sampleAtMs), reading));
      }
    },
    line({ battery, text }) {
      files.append('service', text);
      if (battery !== undefined) files.append(`battery-${battery}`, text);
    },
    end: () => files.settled(),
  };
}
