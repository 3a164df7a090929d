// `bmsgate modbus read|write`: a commissioning engineer asks our own slave on TCP.
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addModbus } from '../../src/commands/modbus.ts';
import { serveTcp, type TcpLink } from '../../src/modbus/tcp.ts';
import { genericBattery } from './battery.ts';
import { stateQueue } from './wires.ts';

const battery = genericBattery();
let slave: TcpLink | undefined;

beforeAll(async () => {
  const states = stateQueue();
  slave = serveTcp({ host: '127.0.0.1', port: 0 }, new Map([[1, battery]]), { onState: states.onState });
  await states.next();
});
afterAll(() => slave?.close());

const here = () => ['--tcp', `127.0.0.1:${slave?.port()}`];

/** What the command prints; rejects as the program would say it on stderr. */
async function modbus(...args: string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addModbus(program);
  let printed = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  try {
    await program.parseAsync(['node', 'bmsgate', 'modbus', ...args]);
  } finally {
    stdout.mockRestore();
  }
  return printed;
}

describe('modbus read', () => {
  test('prints address, hexadecimal and decimal, and the signed number from 0x8000', async () => {
    expect(await modbus('read', '0x100', '3', ...here())).toBe(
      '0x0100 004C 76\n0x0101 0210 528\n0x0102 FF83 65411 -125\n',
    );
  });

  test('reads one register unless told more, decimal addresses, and input registers', async () => {
    expect(await modbus('read', '272', '--input', ...here())).toBe('0x0110 0CE1 3297\n');
  });
});

describe('modbus write', () => {
  test('writes one and prints what was written', async () => {
    expect(await modbus('write', '0x180', '0xFF', ...here())).toBe('0x0180 00FF 255\n');
    expect(battery.image[0x80]).toBe(255);
  });

  test('writes several, negative ones too', async () => {
    await modbus('write', ...here(), '0x184', '--', '528', '-125');
    expect([...battery.image.slice(0x84, 0x86)]).toEqual([528, 0xff83]);
  });
});

describe('what cannot be is one sentence that says what to do', () => {
  test.each([
    [
      'a unit that is not there',
      ['--unit', '9', '--timeout', '50'],
      /did not answer within 50 ms; check the unit id/,
    ],
    [
      'a register that is not there',
      [],
      /answered exception 2, illegal data address: it has no such register/,
    ],
  ])('%s', async (_, options, sentence) => {
    await expect(modbus('read', '0x188', ...here(), ...options)).rejects.toThrow(sentence);
  });

  test('nobody listens', async () => {
    await expect(modbus('read', '0', '--tcp', '127.0.0.1:1')).rejects.toThrow(
      /^tcp 127.0.0.1:1: .*ECONNREFUSED.*; check address and port, and that the slave listens$/,
    );
  });

  test('the serial port is missing', async () => {
    await expect(modbus('read', '0', '--serial', '/dev/nothing')).rejects.toThrow(
      /^\/dev\/nothing: there is no such serial port; plug the adapter in/,
    );
  });

  test.each([[[]], [['--tcp', 'a:1', '--serial', '/dev/a']]])(
    'the slave is nowhere or in two places: %j',
    async (where) => {
      await expect(modbus('read', '0', ...where)).rejects.toThrow(
        /^say where the slave is: --tcp host:port or --serial/,
      );
    },
  );

  test.each([
    ['read', '0x10000'],
    ['read', 'soc'],
    ['read', '0', '126'],
    ['write', '0', '65536'],
    ['write', '0'],
    ['read', '0', '--tcp', 'a:b'],
    ['read', '0', '--parity', 'mark'],
  ])('usage: %s %s %s %s', async (...args) => {
    await expect(modbus(...args)).rejects.toMatchObject({ name: 'CommanderError' });
  });
});
