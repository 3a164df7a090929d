// A small Modbus master for commissioning: `modbus read` and `modbus write`.
import { type Command, InvalidArgumentError } from 'commander';
import type { Master, MasterSettings } from '../modbus/master.ts';
import { GatewayError } from '../model/errors.ts';

interface BusOptions {
  readonly tcp?: { readonly host: string; readonly port: number };
  readonly serial?: string;
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly unit: number;
  readonly timeout: number;
}

/** Reads decimal or 0x hexadecimal, inside these bounds. */
const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^(-?\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`give a whole number from ${min} to ${max}, decimal or 0x`);
  };

/** Two's complement: -125 is 0xFF83. */
const registerValue = (text: string): number => whole(-0x8000, 0xffff)(text) & 0xffff;
const registerValues = (text: string, before: readonly number[] = []) => [...before, registerValue(text)];

function endpoint(text: string): { host: string; port: number } {
  const [, host, port = '502'] = /^(\[[\da-f:]+\]|[^:]+)(?::(\d+))?$/i.exec(text) ?? [];
  if (host === undefined) throw new InvalidArgumentError('give host:port, e.g. 127.0.0.1:1502');
  return { host: host.replace(/^\[|\]$/g, ''), port: whole(1, 65535)(port) };
}

function parity(text: string): BusOptions['parity'] {
  if (text === 'none' || text === 'even' || text === 'odd') return text;
  throw new InvalidArgumentError('choose none, even or odd');
}

const hex = (n: number): string => n.toString(16).toUpperCase().padStart(4, '0');

/** `0x0100 004C 76`; from 0x8000 the signed reading follows: `0x0102 FF83 65411 -125`. */
const line = (address: number, value: number): string =>
  `0x${hex(address)} ${hex(value)} ${value}${value > 0x7fff ? ` ${value - 0x10000}` : ''}\n`;

const print = (address: number, values: readonly number[]): void => {
  for (const [i, value] of values.entries()) process.stdout.write(line(address + i, value));
};

function settings({ tcp, serial, baud, parity, unit, timeout }: BusOptions): MasterSettings {
  const bus = serial === undefined ? tcp : { path: serial, baud, parity };
  if (bus && (serial === undefined || tcp === undefined)) return { bus, unit, timeoutMs: timeout };
  throw new GatewayError('REFUSED', { message: 'say where the slave is: --tcp host:port or --serial PATH' });
}

async function withMaster(options: BusOptions, ask: (master: Master) => Promise<void>): Promise<void> {
  const where = settings(options);
  // Loaded on first use: the service, which runs from the same program, never needs a master.
  const { connectMaster } = await import('../modbus/master.ts');
  const master = await connectMaster(where);
  try {
    await ask(master);
  } finally {
    await master.close();
  }
}

const busOptions = (command: Command): Command =>
  command
    .option('--tcp <host:port>', 'Modbus TCP; port 502 unless given', endpoint)
    .option('--serial <path>', 'Modbus RTU on this serial port')
    .option('--baud <rate>', 'of the serial port', whole(1200, 921_600), 9600)
    .option('--parity <parity>', 'none, even or odd', parity, 'none')
    .option('--unit <id>', 'unit id of the slave', whole(0, 255), 1)
    .option('--timeout <ms>', 'how long to wait for an answer', whole(10, 60_000), 1000);

/** Registers are printed one per line: address, hexadecimal, decimal. */
export function addModbus(program: Command): void {
  const modbus = program.command('modbus').description('a small Modbus master for commissioning');
  busOptions(modbus.command('read'))
    .description('reads registers')
    .argument('<address>', 'first register, decimal or 0x', whole(0, 0xffff))
    .argument('[count]', 'how many, up to 125', whole(1, 125), 1)
    .option('--input', 'input registers (FC04) instead of holding registers (FC03)')
    .action((address: number, count: number, options: BusOptions & { input?: boolean }) =>
      withMaster(options, async (master) =>
        print(address, await master.read(options.input ? 'input' : 'holding', address, count)),
      ),
    );
  busOptions(modbus.command('write'))
    .description('writes registers: one value by FC06, several by FC16')
    .argument('<address>', 'first register, decimal or 0x', whole(0, 0xffff))
    .argument('<values...>', 'decimal or 0x; negative after --', registerValues)
    .action((address: number, values: readonly number[], options: BusOptions) =>
      withMaster(options, async (master) => {
        await master.write(address, values);
        print(address, values);
      }),
    );
}
