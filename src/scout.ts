// The scout child: listens on the air for a first start and tells every advert until it is told to stop. A process of its own,
// because a Bluetooth stack only lets go of its adapter for certain when its process ends.
import { noblePort } from './ble/noble.ts';
import type { RadioOrder } from './ble/orders.ts';
import type { BlePort } from './ble/port.ts';
import type { Advert } from './bms/driver.ts';
import type { Message } from './child.ts';
import { serveParent } from './forked.ts';
import { sentence } from './model/errors.ts';
import { realTimers } from './timers.ts';

export interface ScanOrder extends Message {
  readonly type: 'scan';
  readonly radio: Extract<RadioOrder, { form: 'noble' | 'bluez' | 'esphome' }>;
}

export type ScoutReport =
  | { readonly type: 'scanning' }
  | { readonly type: 'advert'; readonly advert: Advert }
  | { readonly type: 'failed'; readonly why: string };

let port: BlePort | undefined;

async function portOf(radio: ScanOrder['radio']): Promise<BlePort> {
  if (radio.form === 'noble') return noblePort({ ...radio, timers: realTimers });
  if (radio.form === 'esphome') {
    const { esphomePort } = await import('./ble/esphome.ts');
    return esphomePort({ ...radio, timers: realTimers });
  }
  const { bluezPort } = await import('./ble/bluez.ts');
  return bluezPort({ adapter: radio.adapter, timers: realTimers, passkeyOf: () => undefined });
}

async function scan({ radio }: ScanOrder): Promise<void> {
  try {
    port = await portOf(radio);
    port.onAdapter(({ state, why }) => {
      if (state !== 'ready') tell({ type: 'failed', why: why ?? 'the adapter was switched off' });
    });
    await port.open();
    await port.scan((advert) => tell({ type: 'advert', advert }));
    tell({ type: 'scanning' });
  } catch (error) {
    tell({ type: 'failed', why: sentence(error) });
  }
}

async function end(): Promise<void> {
  await port?.stopScan().catch(() => {});
  await port?.close();
}

process.on('uncaughtException', (error) => {
  tell({ type: 'failed', why: sentence(error) });
  process.exit(1);
});
const send = serveParent(
  // The parent is this program's own first start, which sends nothing but this.
  (message) => void scan(message as ScanOrder),
  end,
);

function tell(report: ScoutReport): void {
  send(report);
}

// The packages write their warnings to the console; what they mean we say in a sentence of ours.
console.log = console.warn = () => {};
