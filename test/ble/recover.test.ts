// What the ear does when it is told to try something for a battery, with a radio that the test makes up.
import { describe, expect, test } from 'vitest';
import { listen } from '../../src/ble/listen.ts';
import type { EarReport, RecoverOrder } from '../../src/ble/orders.ts';
import type { BlePort } from '../../src/ble/port.ts';
import { simulatedPort } from '../../src/ble/simulated.ts';
import { crank } from './crank.ts';

const a = { id: 'a', bms: 'jbd', address: 'A4:C1:38:00:00:01' };

function listening(more: Partial<BlePort> = {}) {
  const clock = crank();
  const said: EarReport[] = [];
  const gaveUp: string[] = [];
  const port = simulatedPort([a], { strings: [['a']] }, clock);
  const { recover } = listen({
    radio: 'hci0',
    port: { ...port, ...more },
    batteries: [a],
    pollMs: 2000,
    timers: clock,
    report: (report) => said.push(report),
    giveUp: (why) => gaveUp.push(why),
  });
  const tried = (rung: RecoverOrder['rung'], battery = 'a') =>
    recover({ type: 'recover', radio: 'hci0', battery, rung });
  const failures = () => said.filter(({ type }) => type === 'recovery');
  const states = () => said.flatMap((r) => (r.type === 'link' ? [r.state] : []));
  return { clock, port, tried, failures, states, said, gaveUp };
}

describe('the ear that is told to', () => {
  test('disconnect closes the link and opens another at once', async () => {
    const { clock, tried, states, failures } = listening();
    await clock.to(5000);
    tried('disconnect');
    await clock.to(6000);
    expect(states().slice(-4)).toEqual(['lost', 'found', 'connecting', 'connected']);
    expect(failures()).toEqual([]);
  });

  test('disconnect ends the rest between two attempts', async () => {
    const { clock, port, tried, states } = listening();
    port.hide(a.address);
    await clock.to(300_000);
    port.show(a.address);
    const before = states().length;
    tried('disconnect');
    await clock.to(301_000);
    expect(states().slice(before)).toContain('connected');
  });

  test('forget has the radio forget the unit', async () => {
    const forgotten: string[] = [];
    const forget = async (address: string) => void forgotten.push(address);
    const { clock, tried, failures } = listening({ forget });
    await clock.to(5000);
    tried('forget');
    await clock.to(6000);
    expect([forgotten, failures()]).toEqual([[a.address], []]);
  });

  test('do what this radio cannot says so', async () => {
    const { clock, tried, failures } = listening();
    tried('forget');
    tried('power cycle');
    await clock.to(1000);
    expect(failures()).toEqual([
      {
        type: 'recovery',
        radio: 'hci0',
        battery: 'a',
        rung: 'forget',
        outcome: 'not possible',
        why: 'this radio remembers nothing of a unit',
      },
      {
        type: 'recovery',
        radio: 'hci0',
        battery: 'a',
        rung: 'power cycle',
        outcome: 'not possible',
        why: 'this radio cannot be switched off and on from here',
      },
    ]);
  });

  test('do what is not permitted says what would permit it', async () => {
    const powerCycle = () => Promise.reject(new Error('not permitted; run as root'));
    const { clock, tried, failures } = listening({ powerCycle });
    tried('power cycle');
    await clock.to(1000);
    expect(failures()).toMatchObject([{ outcome: 'not possible', why: 'not permitted; run as root' }]);
  });

  test('do what never ends says so after 10 s', async () => {
    const { clock, tried, failures } = listening({ powerCycle: () => new Promise(() => {}) });
    tried('power cycle');
    await clock.to(9_999);
    expect(failures()).toEqual([]);
    await clock.to(10_001);
    expect(failures()).toMatchObject([{ outcome: 'did not help', why: 'no answer within 10 s' }]);
  });

  test('restart asks for a new process', () => {
    const { tried, gaveUp } = listening();
    tried('restart');
    expect(gaveUp).toEqual(['a is on the air but cannot be read any more']);
  });

  test('help a battery that it does not know does nothing', () => {
    const { tried, gaveUp } = listening();
    tried('restart', 'z');
    expect(gaveUp).toEqual([]);
  });
});
