import { accessSync, constants, statSync } from 'node:fs';
import { GatewayError } from '../model/errors.ts';
import { type Course, type CourseAsked, readCourse } from './course.ts';
import {
  type Acknowledged,
  acknowledge,
  type EventsAsked,
  type ListedEvent,
  readEvents,
} from './event-list.ts';
import { type Database, isDamage, isDenied, openToAmend, openToRead, troubleText } from './sqlite.ts';

/** Reads a history that others may be writing. Everything throws REFUSED, with one sentence that says what to do. */
export interface HistoryReader {
  /** Ids of the batteries that were ever written, as people count: `b9` before `b10`, whichever was heard first. */
  readonly batteries: () => string[];
  readonly course: (asked: CourseAsked) => Course;
  readonly events: (asked: EventsAsked) => ListedEvent[];
  readonly close: () => void;
}

const MISSING =
  'is not there; set `history:` in gateway.yaml and start the gateway, or name the file with `--db`';
const DENIED = 'may not be opened by this user; run this as root or as the user of the gateway';

function refused(path: string, error: unknown): GatewayError {
  const damaged = 'is damaged; a gateway that runs moves it aside and begins a new one';
  const known = (isDamage(error) && damaged) || (isDenied(error) && DENIED);
  const message = known ? `${path} ${known}` : troubleText(path, error);
  return new GatewayError('REFUSED', { message }, { cause: error });
}

function tried<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(path, error);
  }
}

/** SQLite says of both only that it cannot open the file. */
function lookFor(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EACCES';
    throw new GatewayError('REFUSED', { message: `${path} ${isThere ? DENIED : MISSING}` });
  }
  if (statSync(path).isDirectory())
    throw new GatewayError('REFUSED', { message: `${path} is a folder; name the file in it` });
}

function opened(path: string, open: (path: string) => Database): Database {
  lookFor(path);
  return tried(path, () => open(path));
}

export function readHistory(path: string): HistoryReader {
  const db = opened(path, openToRead);
  const named = "SELECT battery FROM series WHERE battery <> ''";
  return {
    batteries: () =>
      tried(path, () =>
        db
          .prepare(named)
          .all()
          .map(({ battery }) => String(battery))
          .sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
      ),
    course: (asked) => tried(path, () => readCourse(db, asked)),
    events: (asked) => tried(path, () => readEvents(db, asked)),
    close: () => db.close(),
  };
}

/** As `acknowledge` of a list of events; the file is open for that long only. */
export function acknowledgeIn(
  path: string,
  id: string,
  ack: Acknowledged,
): Acknowledged | 'unknown' | undefined {
  const db = opened(path, openToAmend);
  try {
    return tried(path, () => acknowledge(db, id, ack));
  } finally {
    db.close();
  }
}
