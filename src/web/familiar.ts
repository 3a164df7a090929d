// From where an account has logged in before. There its owner need not wait for what strangers do under that name elsewhere.

/** More are not remembered; the one that came longest ago is forgotten first. */
const MOST = 500;

export interface Familiar {
  /** What failures under this name from this place count against. */
  readonly keyOf: (name: string, place: string) => string;
  readonly came: (name: string, place: string) => void;
}

const pair = (name: string, place: string): string => JSON.stringify([name, place]);

export function newFamiliar(): Familiar {
  const known = new Set<string>();
  return {
    keyOf: (name, place) => (known.has(pair(name, place)) ? pair(name, place) : name),
    came(name, place) {
      known.delete(pair(name, place));
      known.add(pair(name, place));
      for (const oldest of known) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
    },
  };
}
