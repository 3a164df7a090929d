import { sentence } from '../model/errors.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { type Incomplete, isIncomplete } from '../profile/encode.ts';

/** A profile on trial, as it is put on the wire. */
export interface Trial {
  readonly compiled: CompiledProfile;
  /** It stands by itself from now on. */
  readonly end: () => void;
}

/** What `make` gives, or why it gives nothing. */
function attempt<T extends object>(make: () => T | Incomplete): T | { readonly why: string } {
  try {
    const made = make();
    return isIncomplete(made)
      ? { why: `it requires ${made.missing.join(', ')}, which the bank does not have` }
      : made;
  } catch (error) {
    return { why: `it cannot be encoded: ${sentence(error)}` };
  }
}

/** Says what the next profile says. Where it cannot and the one before can, that one speaks and `failed` hears why. */
export function onTrial(
  next: CompiledProfile,
  before: CompiledProfile,
  failed: (why: string) => void,
): Trial {
  let isOver = false;

  function either<T extends object>(now: () => T | Incomplete, then: () => T | Incomplete): T | Incomplete {
    if (isOver) return now();
    const made = attempt(now);
    if (!('why' in made)) return made;
    const old = then();
    if (!isIncomplete(old)) failed(made.why);
    return old;
  }

  const { can, modbus, serial } = next;
  const { can: oldCan, modbus: oldModbus, serial: oldSerial } = before;
  return {
    compiled: {
      ...next,
      ...(can &&
        oldCan && {
          can: {
            ...can,
            frames: (bank) =>
              either(
                () => can.frames(bank),
                () => oldCan.frames(bank),
              ),
            say: (bank, wanted, phase) =>
              either(
                () => can.say(bank, wanted, phase),
                () => oldCan.say(bank, wanted, phase),
              ),
          },
        }),
      ...(modbus &&
        oldModbus && {
          modbus: {
            ...modbus,
            image: (bank) =>
              either(
                () => modbus.image(bank),
                () => oldModbus.image(bank),
              ),
          },
        }),
      ...(serial &&
        oldSerial && {
          serial: {
            ...serial,
            say: (...asked) =>
              either(
                () => serial.say(...asked),
                () => oldSerial.say(...asked),
              ),
          },
        }),
    },
    end() {
      isOver = true;
    },
  };
}
