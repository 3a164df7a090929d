// A slave of ours or of `modbus-serial` in a process of its own, as those of libmodbus and pymodbus are: 136 registers from
// 0x0100, each holding its own number. node-slave.ts bmsgate PATH BAUD [REPLY_DELAY_MS] | modbus-serial PATH BAUD [INTERVAL_MS]
import { ServerSerial } from 'modbus-serial';
import { serveRtu } from '../../src/modbus/rtu.ts';
import type { Slave } from '../../src/modbus/slave.ts';

const FIRST = 0x100;
const image = Uint16Array.from({ length: 0x88 }, (_, i) => i);

function serveOurs(path: string, baud: number, replyDelay: number | 't3.5'): void {
  const battery: Slave = {
    functions: new Set([3]),
    mood: () => 'answer',
    read: (_, address, quantity) => image.slice(address - FIRST, address - FIRST + quantity),
    write: () => false,
  };
  serveRtu({ path, baud, replyDelay }, new Map([[1, battery]]), {});
}

function serveTheirs(path: string, baudRate: number, interval: number | undefined): void {
  const vector = {
    getHoldingRegister: (address: number) => image[address - FIRST] ?? 0,
    getMultipleHoldingRegisters: (address: number, length: number) => [
      ...image.slice(address - FIRST, address - FIRST + length),
    ],
  };
  // `interval` is missing in its types.
  const settings = { path, baudRate, unitID: 1, ...(interval !== undefined && { interval }) };
  new ServerSerial(vector, settings).on('error', (error) => console.error(String(error)));
}

const [whose, path = '', baud, ms] = process.argv.slice(2);
const wait = ms === undefined ? undefined : Number(ms);
if (whose === 'bmsgate') serveOurs(path, Number(baud), wait ?? 't3.5');
else serveTheirs(path, Number(baud), wait);
