// Where the values of a document stand, as plain data: it outlives the document, and may come from another process.
import type { DocumentProblem } from '../model/errors.ts';
import type { Path, Reading } from './document.ts';

/** Line and column from 1 of a value, and the places in it by key or position. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly under?: ReadonlyMap<string, Place>;
}

/** A file with its places. */
export interface Placed {
  readonly path: string;
  readonly places: Place;
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** The places of a value and of all that is in it; what is a default has the place of what it was left out of. */
export function placesOf({ value, problemAt }: Reading<unknown>, path: Path = []): Place {
  const { line, column } = problemAt(path, '');
  const under = entriesOf(value).map(
    ([key, inner]) => [key, placesOf({ value: inner, problemAt }, [...path, key])] as const,
  );
  return { line, column, ...(under.length > 0 && { under: new Map(under) }) };
}

/** A problem at the value under `path`, at the nearest place above it when it is not there. */
export function problemIn({ path: file, places }: Placed, path: Path, message: string): DocumentProblem {
  let place = places;
  for (const step of path) {
    const next = place.under?.get(String(step));
    if (!next) break;
    place = next;
  }
  return { file, line: place.line, column: place.column, message };
}
