// The newest lines of the log, for those who look at it.
import type { LogLine } from '../log.ts';
import type { LogMessage } from '../model/api/wire-talk.ts';

/** Who joins hears so many of those before. */
const MOST_KEPT = 300;
const MOST_CHARACTERS = 2000;

export interface KeptLines {
  readonly take: (line: LogLine) => void;
  readonly watch: (hear: (message: LogMessage) => void) => () => void;
}

const messageOf = ({ wallMs, level, room, battery, said }: LogLine): LogMessage => ({
  wall_ms: wallMs,
  level,
  ...(room !== undefined && { room }),
  ...(battery !== undefined && { battery }),
  text: said.slice(0, MOST_CHARACTERS),
});

export function keptLines(): KeptLines {
  const readers = new Set<(message: LogMessage) => void>();
  const kept: LogMessage[] = [];
  return {
    take(line) {
      const message = messageOf(line);
      kept.push(message);
      if (kept.length > MOST_KEPT) kept.shift();
      for (const hear of readers) hear(message);
    },
    watch(hear) {
      for (const message of kept) hear(message);
      readers.add(hear);
      return () => readers.delete(hear);
    },
  };
}
