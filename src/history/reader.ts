import { existsSync } from 'node:fs';
import { GatewayError } from '../model/errors.ts';
import { type Course, type CourseAsked, readCourse } from './course.ts';
import {
  type Acknowledged,
  acknowledge,
  type EventsAsked,
  type ListedEvent,
  readEvents,
} from './event-list.ts';
import { type Database, isDamage, openToAmend, openToRead, troubleText } from './sqlite.ts';

/** Reads a history that others may be writing. Everything throws REFUSED, with one sentence that says what to do. */
export interface HistoryReader {
  /** Ids of the batteries that were ever written, in that order. */
  readonly batteries: () => string[];
  readonly course: (asked: CourseAsked) => Course;
  readonly events: (asked: EventsAsked) => ListedEvent[];
  readonly close: () => void;
}

const MISSING =
  'is not there; set `history:` in gateway.yaml and start the gateway, or name the file with `--db`';

function refused(path: string, error: unknown): GatewayError {
  const message = isDamage(error)
    ? `${path} is damaged; a gateway that runs moves it aside and begins a new one`
    : troubleText(path, error);
  return new GatewayError('REFUSED', { message }, { cause: error });
}

function tried<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(path, error);
  }
}

function opened(path: string, open: (path: string) => Database): Database {
  if (!existsSync(path)) throw new GatewayError('REFUSED', { message: `${path} ${MISSING}` });
  return tried(path, () => open(path));
}

export function readHistory(path: string): HistoryReader {
  const db = opened(path, openToRead);
  const named = "SELECT battery FROM series WHERE battery <> '' ORDER BY id";
  return {
    batteries: () =>
      tried(path, () =>
        db
          .prepare(named)
          .all()
          .map(({ battery }) => String(battery)),
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
