// Frames that were made and frames that went out. A frame waits for its turn on the bus, and others of its id may be made meanwhile.

interface Made {
  readonly atMs: number;
  readonly text: string;
}

/** A batch is out by then. */
const WAITS_MS = 2000;

/** By bus and id of the frames. */
export function newProduced() {
  const made = new Map<string, Made[]>();
  const keyOf = (bus: string, id: string): string => `${bus} ${id}`;
  return {
    add(bus: string, id: string, text: string, atMs: number): void {
      const key = keyOf(bus, id);
      const recent = (made.get(key) ?? []).filter((other) => atMs - other.atMs <= WAITS_MS);
      made.set(key, [{ atMs, text }, ...recent]);
    },
    /** The one made lately that went out as this; else the newest. Undefined where none was made yet: it began before. */
    sent(bus: string, id: string, text: string): string | undefined {
      const texts = made.get(keyOf(bus, id)) ?? [];
      return (texts.find((one) => one.text === text) ?? texts[0])?.text;
    },
    forget(bus: string): void {
      for (const key of made.keys()) if (key.startsWith(`${bus} `)) made.delete(key);
    },
  };
}
