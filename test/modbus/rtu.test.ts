import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { quietTimeMs } from '../../src/modbus/line-server.ts';
import { serialTrouble } from '../../src/model/serial-trouble.ts';
import { genericBattery, hex } from './battery.ts';
import { examples } from './examples.ts';
import { lineWith, request } from './line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SOC = request(1, '03 01 00 00 01');
const SOC_76 = hex(request(1, '03 02 00 4C'));

describe('on the line', () => {
  test.each(examples)('%s: answered in one write call, with CRC', async (_, ask, reply) => {
    const line = await lineWith(new Map([[1, genericBattery()]]));
    line.hear(ask);
    expect(line.said()).toEqual([reply]);
  });

  test('a write outside the map, or half of one, changes nothing and is counted', async () => {
    const battery = genericBattery();
    const line = await lineWith(new Map([[1, battery]]));
    const before = [...battery.image];
    for (const ask of ['06 01 00 00 07', '10 01 87 00 02 04 00 07 00 02', '10 01 80 00 02 02 00 07'])
      line.hear(request(1, ask));
    line.hear(SOC);
    expect([battery.written, [...battery.image]]).toEqual([[], before]);
    expect(line.link.counters).toMatchObject({ requests: 4, answers: 4, exceptions: 3 });
  });

  test('a unit that comes or goes with a new profile is served from then on', async () => {
    const slaves = new Map([[1, genericBattery()]]);
    const line = await lineWith(slaves);
    slaves.set(2, genericBattery());
    slaves.delete(1);
    line.hear(SOC);
    line.hear(request(2, '03 01 00 00 01'));
    expect(line.said()).toEqual([hex(request(2, '03 02 00 4C'))]);
  });

  test('each valid request for us is told to the gateway, also while we are silent', async () => {
    const heard: string[] = [];
    const battery = genericBattery();
    battery.mood = () => 'silent';
    const onRequest = (atMs: number, unit: number) => heard.push(`${unit} at ${atMs}`);
    const line = await lineWith(new Map([[1, battery]]), {}, { onRequest, clock: () => 1234 });
    line.hear(SOC);
    line.hear(request(2, '03 01 00 00 01'));
    line.hear('01 03 01 00 00 01 00 00');
    expect(heard).toEqual(['1 at 1234']);
    expect(line.link.counters).toMatchObject({ requests: 1, answers: 0, foreignFrames: 1, crcErrors: 1 });
  });
});

describe('whose turn it is', () => {
  test('t3.5 is 3.65 ms at 9600 8N1, 4.01 with a parity bit, and 1.75 above 19200', () => {
    const at = (baud: number, parity: 'none' | 'even' = 'none') =>
      quietTimeMs({ path: '', baud, parity }).toFixed(2);
    expect([at(9600), at(9600, 'even'), at(19200), at(115200)]).toEqual(['3.65', '4.01', '1.82', '1.75']);
  });

  test('no answer starts earlier than t3.5 after the last byte received', async () => {
    const line = await lineWith(new Map([[1, genericBattery()]]), { replyDelay: 't3.5' });
    line.hear(SOC);
    line.pass(3);
    line.hear('FF');
    line.pass(3);
    expect(line.said()).toEqual([]);
    line.pass(1);
    expect(line.said()).toEqual([SOC_76]);
  });

  test('a slow master may ask for up to 50 ms', async () => {
    const line = await lineWith(new Map([[1, genericBattery()]]), { replyDelay: 400 });
    line.hear(SOC);
    line.pass(49);
    expect(line.said()).toEqual([]);
    line.pass(1);
    expect(line.said()).toEqual([SOC_76]);
  });

  test('an answer waits until the one before has left', async () => {
    const line = await lineWith(new Map([[1, genericBattery()]]), {}, {}, { drains: false });
    line.hear(SOC);
    line.hear(SOC);
    line.pass(1000);
    expect(line.said()).toEqual([SOC_76]);
  });

  test('a master that asks again has given up on what it asked before: only the newest question is answered', async () => {
    const line = await lineWith(new Map([[1, genericBattery()]]), { replyDelay: 10 });
    line.hear(request(1, '03 01 01 00 01'));
    line.pass(5);
    line.hear(SOC);
    line.pass(100);
    expect(line.said()).toEqual([SOC_76]);
  });
});

describe('a stall', () => {
  test('makes an answer too late: its master asks for something else by now', async () => {
    const time = { ms: 0 };
    const line = await lineWith(
      new Map([[1, genericBattery()]]),
      { replyDelay: 10 },
      { clock: () => time.ms },
    );
    line.hear(SOC);
    time.ms = 3000;
    line.pass(10);
    expect(line.said()).toEqual([]);
    line.hear(SOC);
    time.ms = 3010;
    line.pass(10);
    expect(line.said()).toEqual([SOC_76]);
  });
});

describe('an adapter that goes and comes back', () => {
  test('is told once per reason, tried after 1, 2, 5, 10 and 10 s, and told again when it is back', async () => {
    const told: string[] = [];
    let present = true;
    let tries = 0;
    const line = await lineWith(
      new Map([[1, genericBattery()]]),
      {},
      { onState: (state) => told.push(state.kind) },
      {
        beforeOpen() {
          tries++;
          if (!present) throw serialTrouble('/dev/rs485', 'No such file or directory');
        },
      },
    );
    present = false;
    line.unplug();
    const after: number[] = [];
    for (const seconds of [1, 2, 5, 10]) {
      await vi.advanceTimersByTimeAsync(seconds * 1000);
      after.push(tries);
    }
    present = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([told, after, tries]).toEqual([['open', 'unavailable', 'unavailable', 'back'], [2, 3, 4, 5], 6]);
  });

  test('a half frame from before does not haunt the line', async () => {
    const line = await lineWith(new Map([[1, genericBattery()]]));
    line.hear(SOC.subarray(0, 5));
    line.unplug();
    line.pass(999);
    await vi.advanceTimersByTimeAsync(1);
    line.hear(SOC);
    expect(line.said()).toEqual([SOC_76]);
  });

  test('after close nothing is tried and nothing is answered', async () => {
    const line = await lineWith(new Map([[1, genericBattery()]]), { replyDelay: 5 });
    line.hear(SOC);
    line.link.close();
    line.pass(60_000);
    line.hear(SOC);
    expect(line.said()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
