// In the guest of `vm-run --ble 3` (or more): two JBD units on hci1 and hci2, the real ear on hci0, nothing replaced between
// them: native part, AF_BLUETOOTH and the kernel's HCI. Named package as argument. Prints one line per step, exit 0 when all held,
// 75 when the emulated processor killed an ear, or made it hang before its first word: that says nothing of the ear.
import type { BleStack, ListenOrder } from '../../../src/ble/orders.ts';
import { jbdAnswer } from '../../../src/bms/jbd-unit.ts';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { EarEnded, type ForkedEar, forkEar } from '../ear.mts';
import { jbdPeripheral } from '../jbd-peripheral.mts';
import { kernelHci } from '../kernel-hci.mts';
import { BROKEN_PROCESSOR, sayItRuns } from './emulation.mts';

sayItRuns();

const LIMIT_MS = 120_000; // an emulated processor, many times slower, on a machine that others use too
/** A healthy ear says within 4 s of its start whether it has its adapter. */
const FIRST_WORD_MS = 60_000;

class Hung extends Error {}

const stack = process.argv[2] as BleStack; // named by ble.sh
const ids = ['1', '2'];
const order: ListenOrder = {
  type: 'listen',
  radios: [{ name: 'hci0', form: 'noble', adapter: 'hci0', stack }],
  pollMs: 2000,
  batteries: ids.map((id) => ({ id, bms: 'jbd', address: `02:00:00:00:00:0${id}` })),
};

for (const id of ids)
  jbdPeripheral(kernelHci(Number(id)), {
    name: `JBD-${id}`,
    unit: (request) =>
      jbdAnswer(
        {
          voltageV: 13.2,
          currentA: -5,
          socPct: 70 + Number(id),
          cellVoltagesV: [3.3, 3.3, 3.3, 3.3],
          temperaturesC: [20],
        },
        request,
      ),
  });

async function bothRead(ear: ForkedEar, step: string): Promise<void> {
  const startedMs = monotonicMs();
  const samples = await Promise.all(
    ids.map((id) =>
      ear.until((r) => r.type === 'sample' && r.battery === id && r.atMs > startedMs, LIMIT_MS),
    ),
  );
  const read = samples.map((s) => s.type === 'sample' && `${s.battery}: ${s.reading.socPct} %`);
  console.log(
    `@${stack}/noble ${step}: ${read.join(', ')} after ${Math.round(monotonicMs() - startedMs)} ms`,
  );
}

/** Once an ear has spoken, silence is its own. */
async function startEar(): Promise<ForkedEar> {
  const ear = forkEar(order);
  await ear
    .until(() => true, FIRST_WORD_MS)
    .catch((error) => {
      ear.child.kill('SIGKILL');
      throw error instanceof EarEnded ? error : new Hung(`a fresh ear: ${error.message}`);
    });
  return ear;
}

async function tryOut(): Promise<void> {
  const first = await startEar();
  await bothRead(first, 'reads two units');
  await bothRead(first, 'keeps reading');
  // The links of a process that was killed must not live on in the adapter: their batteries would be silent for ever.
  first.child.kill('SIGKILL');
  await first.exited;
  const second = await startEar();
  await bothRead(second, 'reads them again after a kill');
  second.child.send({ type: 'stop' });
  const code = await second.exited;
  if (code !== 0) throw new EarEnded(code ?? second.child.signalCode ?? -1, 'it was to stop');
  console.log(`@${stack}/noble stops with exit 0`);
}

/** We kill no ear that we wait for. */
const isEmulation = (error: unknown): boolean =>
  error instanceof Hung || (error instanceof EarEnded && typeof error.ending === 'string');

try {
  await tryOut();
  process.exit(0);
} catch (error) {
  console.log(`@${stack}/noble: ${error instanceof Error ? error.message : error}`);
  process.exit(isEmulation(error) ? BROKEN_PROCESSOR : 1);
}
