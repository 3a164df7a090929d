// Pairing with a passkey through bluetoothd.
import { describe, expect, test } from 'vitest';
import { heard, JBD, titled } from './bluez-room.ts';
import { b, DEVICE, type FakeBluez, hasBus, Refusal } from './fake-bluez.ts';

describe.skipIf(!hasBus)(titled('pairing through bluetoothd'), () => {
  const passkeyOf = (address: string) => (address === JBD ? '012345' : undefined);

  /** Pair asks the agent, as for a battery that shows a passkey; what it answered is kept. */
  function asking(bluez: FakeBluez, member = 'RequestPasskey') {
    const answers: unknown[] = [];
    bluez.does.Pair = async ({ path, sender }) => {
      const agent = String(bluez.calls.find((call) => call.member === 'RegisterAgent')?.body[0]);
      const answer = await bluez.askAgent(sender, agent, member, path).catch((error: Error) => error.message);
      answers.push(answer);
      bluez.set(path, DEVICE, { Paired: b(true) });
    };
    return answers;
  }

  test('is done before the services are looked at, with the passkey of this battery', async () => {
    const { bluez, connect } = await heard({ passkeyOf });
    const answers = asking(bluez);
    const link = await connect(JBD);
    await link.discover();
    expect(answers).toEqual([12345]);
    expect(bluez.calls.find(({ member }) => member === 'RegisterAgent')?.body[1]).toBe('KeyboardOnly');
    await link.discover();
    expect(bluez.asked('Pair')).toHaveLength(1);
  });

  test('with a PIN code, as older modules ask for it', async () => {
    const { bluez, connect } = await heard({ passkeyOf });
    const answers = asking(bluez, 'RequestPinCode');
    await (await connect(JBD)).discover();
    expect(answers).toEqual(['012345']);
  });

  test('without a passkey there is none, and other questions are refused', async () => {
    const { bluez, connect } = await heard();
    await (await connect(JBD)).discover();
    expect(bluez.asked('Pair')).toEqual([]);
    const second = await heard({ passkeyOf });
    const answers = asking(second.bluez, 'RequestAuthorization');
    await (await second.connect(JBD)).discover();
    expect(answers).toEqual(['not for this device']);
  });

  test('that the battery refuses is one sentence', async () => {
    const { bluez, connect } = await heard({ passkeyOf });
    bluez.does.Pair = () => {
      throw new Refusal('org.bluez.Error.AuthenticationFailed', 'Authentication Failed');
    };
    await expect((await connect(JBD)).discover()).rejects.toThrow(
      `${JBD}: discover failed: the passkey was refused; correct passkey_file of this battery`,
    );
  });
});
