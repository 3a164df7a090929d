import { type Login, WRONG_PASSWORD } from './driver.ts';

/**
 * The handshake of the radio module of newer packs with a password (BLE reference 1.9): FF AA, command, LEN, data, sum of all
 * after FF AA; one notification each, beside the frames of the BMS on the same characteristics.
 */
const START = [0xff, 0xaa] as const;
const HEAD = 4;

const APP_KEY = 0x15;
const RANDOM = 0x17;
const PASSWORD = 0x18;
const SECOND_LEVEL = 0x1d;

const ACCEPTED = 0x00;
const NO_PASSWORD_SET = 0x02;

const ascii = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

const USUAL_APP_KEY = ascii('000000');
/** What the maker's app says on the second level (syssi/esphome-jbd-bms: docs/ffaa-auth-flow/send-root-password.txt). */
const SECOND_LEVEL_KEY = ascii('JBDbtpwd!@#2023');

const sum = (bytes: readonly number[]): number => bytes.reduce((total, byte) => total + byte, 0) & 0xff;

/** A frame of either direction. */
export const loginFrame = (command: number, data: readonly number[] = []): Uint8Array =>
  Uint8Array.of(...START, command, data.length, ...data, sum([command, data.length, ...data]));

/** The data of an intact answer to this command. */
function answerTo(command: number, notification: Uint8Array): readonly number[] | undefined {
  const [first, second, answered, length = 0, ...rest] = notification;
  if (first !== START[0] || second !== START[1] || answered !== command) return undefined;
  const data = rest.slice(0, length);
  const isWhole = data.length === length && notification.length > HEAD + length;
  return isWhole && rest[length] === sum([command, length, ...data]) ? data : undefined;
}

/** Hidden behind the address and a number that the module drew: the key, each byte moved by both. */
const hidden = (key: readonly number[], address: readonly number[], random: number): number[] =>
  key.map((byte, i) => (((address[i] ?? 0) ^ byte) + random) & 0xff);

type Talk<T> = Generator<Uint8Array, T, Uint8Array>;

/** Says one frame and waits for its answer; what else comes meanwhile is not for the handshake. */
function* ask(command: number, data: readonly number[] = []): Talk<readonly number[]> {
  for (let heard = yield loginFrame(command, data); ; heard = yield new Uint8Array()) {
    const answer = answerTo(command, heard);
    if (answer) return answer;
  }
}

function* prove(command: number, key: readonly number[], address: readonly number[]): Talk<boolean> {
  const [random = 0] = yield* ask(RANDOM);
  const [verdict] = yield* ask(command, hidden(key, address, random));
  return verdict === ACCEPTED;
}

function* steps(addressText: string, password: string): Talk<string | undefined> {
  const address = addressText.split(':').map((byte) => Number.parseInt(byte, 16));
  const [greeting] = yield* ask(APP_KEY, USUAL_APP_KEY);
  if (greeting === NO_PASSWORD_SET) return undefined;
  if (greeting !== ACCEPTED) return 'the unit does not take the app key; it is of a kind we do not know';
  if (!(yield* prove(PASSWORD, ascii(password), address))) return WRONG_PASSWORD;
  if (yield* prove(SECOND_LEVEL, SECOND_LEVEL_KEY, address)) return undefined;
  return 'the unit took the password and not the second key; it is of a kind we do not know';
}

export const jbdLogin: Login = { isPassword: (text) => /^[ -~]{6}$/.test(text), steps };
