import { describe, expect, test } from 'vitest';
import { jbdLogin, loginFrame } from '../../src/bms/jbd-login.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { captured, hex } from './captures.ts';

const address = 'A4:C1:37:04:2D:BE';

/** What is said to a module that answers with these notifications, one after the other, and how it ends. */
function handshake(password: string, answers: readonly string[]) {
  const steps = jbdLogin.steps(address, password);
  const said: string[] = [];
  let step = steps.next(new Uint8Array());
  for (const answer of answers) {
    if (step.done) break;
    if (step.value.length > 0) said.push(toHex(step.value));
    step = steps.next(hex(answer));
  }
  if (!step.done && step.value.length > 0) said.push(toHex(step.value));
  return { said, end: step.done ? (step.value ?? 'it talks') : 'it waits' };
}

describe('the handshake of a JBD with a password', () => {
  test('says every byte that the app was recorded to say', () => {
    const { entries } = captured('jbd/password-and-second-key');
    const login = entries
      .filter(({ bytes }) => bytes[0] === 0xff)
      .map((e) => ({ ...e, hex: toHex(e.bytes) }));
    const heard = login.filter(({ from }) => from === 'battery').map((e) => e.hex);
    expect(handshake('123123', heard)).toEqual({
      said: login.filter(({ from }) => from === 'us').map((e) => e.hex),
      end: 'it talks',
    });
  });

  // The three attempts before it in the same source: two wrong passwords and a right one.
  test.each([
    ['000000', '62', 'ff aa 18 06 f6 53 69 96 7f f0 d5'],
    ['111111', '21', 'ff aa 18 06 b6 11 27 56 3d b0 4f'],
    ['123412', '61', 'ff aa 18 06 f6 54 65 91 7d ed c8'],
  ])('hides %s behind the address and the random byte %s', (password, random, frame) => {
    const drawn = toHex(loginFrame(0x17, [Number.parseInt(random, 16)]));
    expect(handshake(password, ['ffaa15010016', drawn]).said.at(-1)).toBe(frame);
  });

  test('a wrong password ends it in one sentence that says what to do', () => {
    const { said, end } = handshake('000000', ['ffaa15010016', 'ffaa1701627a', 'ffaa1801011a']);
    expect(said).toHaveLength(3);
    expect(end).toMatch(/^the password is wrong; .*password_file/);
  });

  test('a module without a password talks after the first word', () => {
    expect(handshake('123123', ['ffaa15010218'])).toEqual({
      said: ['ff aa 15 06 30 30 30 30 30 30 3b'],
      end: 'it talks',
    });
  });

  test('a module that does not take the app key is told apart from a wrong password', () => {
    expect(handshake('123123', ['ffaa15010117']).end).toMatch('does not take the app key');
  });

  test.each(['ffaa15010017', 'ffaa1501', 'ffaa17010016', 'dd030000000077', '', 'ff'])(
    'what is no intact answer (%j) is not taken for one',
    (notification) => {
      expect(handshake('123123', [notification]).end).toBe('it waits');
    },
  );

  test('only six letters or digits are a password', () => {
    expect(['123123', 'abcdef', '12345', '1234567', 'äöüäöü'].map(jbdLogin.isPassword)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
