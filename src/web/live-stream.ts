// The stream of the live document: whole now and then, what changed between. Each message is written down once for all readers.
import type { Live } from '../model/api/live.ts';
import { patchBetween } from '../model/api/patch.ts';
import { eventText, type Reader } from './reader.ts';

const WHOLE_EVERY = 10;

export interface LiveStream {
  /** A reader begins: it is told the whole, then what changes. Calling the result ends it. */
  readonly join: (reader: Reader) => () => void;
  /** Once a second. */
  readonly tell: () => void;
}

type Times = () => { readonly now_ms: number; readonly wall_ms: number };

/** The document as it was last told, and the messages made of it. */
function letters(live: () => Live, times: Times) {
  let number = 0;
  let latest: { readonly live: Live; json?: string } | undefined;

  /** Its times are those of now: what a late reader gets must not look younger than it is. */
  const message = (content: string): Buffer => {
    const { now_ms, wall_ms } = times();
    return Buffer.from(
      eventText('live', `{"number":${number},"now_ms":${now_ms},"wall_ms":${wall_ms},${content}}`),
    );
  };
  return {
    whole(): Buffer {
      latest ??= { live: live() };
      latest.json ??= JSON.stringify(latest.live);
      return message(`"whole":${latest.json}`);
    },
    /** The next message: what changed; undefined where it has to be the whole. */
    next(): Buffer | undefined {
      const before = latest;
      latest = { live: live() };
      number++;
      if (!before || number % WHOLE_EVERY === 0) return undefined;
      // Live is plain data.
      return message(`"patch":${JSON.stringify(patchBetween({ ...before.live }, { ...latest.live }) ?? {})}`);
    },
    forget(): void {
      latest = undefined;
    },
  };
}

export function liveStream(live: () => Live, times: Times): LiveStream {
  /** False: it missed something, and can only go on from a whole one. */
  const readers = new Map<Reader, boolean>();
  const { whole, next, forget } = letters(live, times);
  return {
    join(reader) {
      readers.set(reader, reader.tell(whole()));
      return () => readers.delete(reader);
    },
    tell() {
      if (readers.size === 0) return forget();
      const patch = next();
      let full: Buffer | undefined;
      for (const [reader, follows] of readers)
        if (patch && follows) readers.set(reader, reader.tell(patch));
        else {
          full ??= whole();
          readers.set(reader, reader.tell(full));
        }
    },
  };
}
