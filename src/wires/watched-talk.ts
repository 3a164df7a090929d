// What goes over the wires, written down only while somebody watches it: for a gateway that keeps no black box.
import { apart } from './apart.ts';
import { gathering, isRead, readLimit, type Tape, type TapeGround, telegramEntry } from './tape.ts';

export interface WatchedTalk {
  readonly tape: Tape;
  readonly watch: (isOn: boolean) => void;
}

/** Where nobody watches, nothing is copied or kept. */
export function watchedTalk(ground: Omit<TapeGround, 'now'>): WatchedTalk {
  const limit = readLimit();
  const safely = apart('the inspector', ground.say);
  let gathered: ReturnType<typeof gathering> | undefined;
  const watch = (isOn: boolean): void => {
    if (isOn) gathered ??= gathering(ground, safely, limit.skipped);
    else {
      gathered?.stop();
      gathered = undefined;
    }
  };
  const nothing = () => {};
  return {
    watch,
    tape: {
      sampled: nothing,
      evaluated: nothing,
      said: nothing,
      profile: nothing,
      stop: () => watch(false),
      asked: safely((atMs, inverter, { unit, request, reply }) => {
        if (!gathered || (isRead(request) && limit.isTooMuch(atMs))) return;
        // The bytes belong to who serves the line, and he may use them again.
        gathered.note(['modbus', atMs, inverter, unit, request.slice(), reply?.slice() ?? null]);
      }),
      // The telegrams hold it.
      codec: nothing,
      telegram: safely((atMs, ...told) => {
        if (!gathered || limit.isTooMuch(atMs)) return;
        gathered.note(telegramEntry(atMs, ...told));
      }),
      frame: safely((atMs, bus, way, { id, extended, data }) => {
        if (!gathered || (way === '<' && limit.isTooMuch(atMs))) return;
        gathered.note(['frame', atMs, bus, way, id, extended, data.slice()]);
      }),
    },
  };
}
