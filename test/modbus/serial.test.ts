// The real door to a serial port: what it says when it cannot, and that it comes back.
import { afterEach, describe, expect, test } from 'vitest';
import { connectMaster } from '../../src/modbus/master.ts';
import { serveRtu } from '../../src/modbus/rtu.ts';
import { openSerial } from '../../src/modbus/serial.ts';
import { serialTrouble } from '../../src/model/serial-trouble.ts';
import { genericBattery } from './battery.ts';
import { named, noSocat, ptyPair, stateQueue } from './wires.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

const slaves = new Map([[1, genericBattery()]]);

async function pair() {
  const wires = await ptyPair();
  cleanUp.push(wires.remove);
  return wires;
}

function serve(path: string) {
  const states = stateQueue();
  const link = serveRtu({ path, baud: 9600 }, slaves, { onState: states.onState });
  cleanUp.push(link.close);
  return states;
}

const said = async (path: string) => {
  const state = await serve(path).next();
  return state.kind === 'unavailable' ? state.why : state.kind;
};

describe('a port that cannot be opened is one sentence that says what to do', () => {
  test('22: it is missing', async () => {
    expect(await said('/dev/serial/by-id/nothing')).toBe(
      '/dev/serial/by-id/nothing: there is no such serial port; plug the adapter in, or look for its name in /dev/serial/by-id',
    );
  });

  test('it is no serial port', async () => {
    expect(await said(import.meta.filename)).toContain('this is not a serial port');
  });

  test.skipIf(noSocat)(named('another program holds it', noSocat), async () => {
    const { slave } = await pair();
    expect((await serve(slave).next()).kind).toBe('open');
    expect(await said(slave)).toContain('another program holds the port');
  });

  // Run as root nothing is denied: the words are what the system gives to others.
  test('we may not', () => {
    const denied = new Error('Error: Permission denied, cannot open /dev/ttyUSB0');
    expect(serialTrouble('/dev/ttyUSB0', denied).message).toBe(
      '/dev/ttyUSB0: permission denied; add the user to the group dialout: sudo usermod -aG dialout <user>',
    );
  });

  test.each(['Input/output error', 'No such device or address'])(
    'its adapter is being unplugged: %s',
    (text) => {
      expect(
        serialTrouble('/dev/ttyUSB0', new Error(`Error: ${text}, cannot open /dev/ttyUSB0`)).message,
      ).toBe('/dev/ttyUSB0: the adapter was unplugged; plug it in again; it is reopened by itself');
    },
  );

  test('for a reason we do not know', () => {
    expect(serialTrouble('/dev/ttyUSB0', new Error('EPROTO: protocol error')).message).toBe(
      '/dev/ttyUSB0: EPROTO: protocol error; look at the kernel log (dmesg) for the reason',
    );
  });
});

describe('a line', () => {
  test.skipIf(noSocat)(named('carries bytes both ways, long ones too', noSocat), async () => {
    const wires = await pair();
    const [near, far] = await Promise.all(
      [wires.slave, wires.master].map((path) => openSerial({ path, baud: 115_200 })),
    );
    cleanUp.push(
      () => near?.close(),
      () => far?.close(),
    );
    const long = Uint8Array.from({ length: 20_000 }, (_, i) => i);
    const heard: number[] = [];
    await new Promise<void>((resolve) => {
      near?.listen({ onBytes: () => {}, onGone: () => {} });
      far?.listen({
        onBytes: (bytes) => heard.push(...bytes) >= long.length && resolve(),
        onGone: () => {},
      });
      near?.send(long, () => {});
    });
    expect(Uint8Array.from(heard)).toEqual(long);
  });

  test.skipIf(noSocat)(named('21: unplugged and plugged in again, it answers again', noSocat), async () => {
    const wires = await pair();
    const states = serve(wires.slave);
    expect((await states.next()).kind).toBe('open');
    await wires.unplug();
    const gone = await states.next();
    expect(gone).toMatchObject({ why: expect.stringContaining('the adapter was unplugged') });
    await wires.plug();
    expect((await states.next()).kind).toBe('back');
    const master = await connectMaster({
      bus: { path: wires.master, baud: 9600 },
      unit: 1,
      timeoutMs: 20_000,
    });
    cleanUp.push(master.close);
    expect(await master.read('holding', 0x100, 1)).toEqual([76]);
  });
});
