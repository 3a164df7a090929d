// A JBD behind a radio module with a password: silent until it hears it, and silent again when it is locked.
import { jbdLogin, loginFrame } from '../../src/bms/jbd-login.ts';
import { toHex } from '../../src/bytes/hex.ts';

const [HELLO, RANDOM, PASSWORD, SECOND] = [0x15, 0x17, 0x18, 0x1d];
const DRAWN = 0x37;

/** The frame in which this password is hidden from who listens. */
function frameWith(address: string, password: string): string {
  const steps = jbdLogin.steps(address, password);
  steps.next(new Uint8Array());
  steps.next(loginFrame(HELLO, [0]));
  const { value } = steps.next(loginFrame(RANDOM, [DRAWN]));
  return value instanceof Uint8Array ? toHex(value) : '';
}

export interface Locked {
  readonly answer: (request: Uint8Array) => Uint8Array | undefined;
  readonly lock: () => void;
  /** How often it was told a password, and how often a wrong one. */
  readonly told: () => { readonly all: number; readonly wrong: number };
}

export function locked(
  address: string,
  password: string,
  open: (request: Uint8Array) => Uint8Array | undefined,
): Locked {
  const right = frameWith(address, password);
  let isOpen = false;
  let [all, wrong] = [0, 0];
  return {
    answer(request) {
      const [start, , command = 0] = request;
      if (start !== 0xff) return isOpen ? open(request) : undefined;
      if (command === RANDOM) return loginFrame(command, [DRAWN]);
      const isWrong = command === PASSWORD && toHex(request) !== right;
      if (command === PASSWORD) all++;
      if (isWrong) wrong++;
      isOpen ||= command === SECOND;
      return loginFrame(command, [isWrong ? 1 : 0]);
    },
    lock() {
      isOpen = false;
    },
    told: () => ({ all, wrong }),
  };
}
