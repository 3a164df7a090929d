// A small Modbus master for commissioning: the one door to `modbus-serial`, which has no request queue of its own.
import { setTimeout as rest } from 'node:timers/promises';
import modbusSerial from 'modbus-serial';
import { GatewayError, sentence } from '../model/errors.ts';
import { serialTrouble } from '../model/serial-trouble.ts';
import type { SerialSettings } from './serial.ts';

/** Where the slave is. */
export type Bus = { readonly host: string; readonly port: number } | SerialSettings;

export interface MasterSettings {
  readonly bus: Bus;
  readonly unit: number;
  /** Default 1000. */
  readonly timeoutMs?: number;
}

/** Calls may overlap: they are sent one after the other. All reject with a sentence that says what to look at. */
export interface Master {
  read(table: 'holding' | 'input', address: number, count: number): Promise<readonly number[]>;
  /** One value by FC06, several by FC16. */
  write(address: number, values: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

const meanings: Readonly<Record<number, string>> = {
  1: 'illegal function: it does not offer that',
  2: 'illegal data address: it has no such register, or may not be written there',
  3: 'illegal data value: it takes no such value or count',
  4: 'device failure: look at its own log',
  5: 'acknowledge: it needs time; ask again later',
  6: 'busy: ask again later',
  10: 'gateway path unavailable: the gateway between has no way to that unit',
  11: 'gateway target did not answer: the gateway between hears nothing from that unit',
};

const nameOf = (bus: Bus): string => ('path' in bus ? bus.path : `tcp ${bus.host}:${bus.port}`);

const advice = (bus: Bus): string =>
  'path' in bus ? 'check the unit id, the baud rate, and whether A and B are swapped' : 'check the unit id';

/** What `modbus-serial` adds to its errors. */
const detail = (error: unknown, key: 'modbusCode' | 'errno'): unknown =>
  typeof error === 'object' && error !== null && key in error
    ? // The line above has just seen it.
      (error as Record<string, unknown>)[key]
    : undefined;

const timedOut = (error: unknown): boolean => detail(error, 'errno') === 'ETIMEDOUT';

function explain({ bus, unit, timeoutMs = 1000 }: MasterSettings, error: unknown): GatewayError<'REFUSED'> {
  const who = `unit ${unit} on ${nameOf(bus)}`;
  const code = detail(error, 'modbusCode');
  const message =
    typeof code === 'number'
      ? `${who} answered exception ${code}, ${meanings[code] ?? 'which the standard does not know'}`
      : timedOut(error)
        ? `${who} did not answer within ${timeoutMs} ms; ${advice(bus)}`
        : `${who} gave no usable answer (${sentence(error)}); ${advice(bus)}`;
  return new GatewayError('REFUSED', { message }, { cause: error });
}

function connectTrouble(bus: Bus, error: unknown): GatewayError {
  if ('path' in bus) return serialTrouble(bus.path, error);
  const remedy = 'check address and port, and that the slave listens';
  return new GatewayError('PORT_UNAVAILABLE', { port: nameOf(bus), why: sentence(error), remedy });
}

/** Rejects with PORT_UNAVAILABLE. */
export async function connectMaster(settings: MasterSettings): Promise<Master> {
  const { bus, unit, timeoutMs = 1000 } = settings;
  const client = new modbusSerial.default();
  client.setID(unit);
  client.setTimeout(timeoutMs);
  client.on('error', () => {});
  try {
    if ('path' in bus) {
      const { path, baud, parity = 'none', stopBits = 1 } = bus;
      await client.connectRTUBuffered(path, { baudRate: baud, parity, stopBits });
    } else await client.connectTCP(bus.host, { port: bus.port });
  } catch (error) {
    throw connectTrouble(bus, error);
  }

  let last: Promise<unknown> = Promise.resolve();
  /** An answer that comes too late would be taken for the next one: after a time-out the line is left alone once as long. */
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const answer = last.then(ask);
    last = answer.catch((error) => (timedOut(error) ? rest(timeoutMs) : undefined));
    return answer.catch((error) => Promise.reject(explain(settings, error)));
  };
  return {
    read: (table, address, count) =>
      inTurn(async () => {
        const reading =
          table === 'input'
            ? client.readInputRegisters(address, count)
            : client.readHoldingRegisters(address, count);
        return (await reading).data;
      }),
    write: (address, values) =>
      inTurn(async () => {
        const [first] = values;
        if (values.length === 1 && first !== undefined) await client.writeRegister(address, first);
        else await client.writeRegisters(address, [...values]);
      }),
    close: () => new Promise((done) => client.close(() => done())),
  };
}
