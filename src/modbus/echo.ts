// Some adapters give back what we send; what comes back is taken off before anybody hears it as a question.
import { joined } from '../bytes/joined.ts';

export interface Echo {
  /** Call it before sending. */
  readonly expect: (sent: Uint8Array) => void;
  /** What came in without our own transmission; the first byte that differs ends the expectation. */
  readonly strip: (bytes: Uint8Array) => Uint8Array;
  /** The line has been silent: what has not come back will not come. */
  readonly forget: () => void;
}

const NOTHING = new Uint8Array();

/** Of an adapter that does not echo everything is heard. `counters` learns how many bytes came back. */
export function newEcho(echoes: boolean, counters: { echoBytes: number }): Echo {
  let expected: Uint8Array = NOTHING;
  return {
    expect(sent) {
      if (echoes) expected = joined(expected, sent);
    },
    strip(bytes) {
      let same = 0;
      while (same < expected.length && bytes[same] === expected[same]) same++;
      counters.echoBytes += same;
      expected = same < bytes.length ? NOTHING : expected.subarray(same);
      return bytes.subarray(same);
    },
    forget() {
      expected = NOTHING;
    },
  };
}
