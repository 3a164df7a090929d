// In the guest of `vm-run --ble 3` (or more): two JBD units on hci1 and hci2, the real ear on hci0, nothing replaced between
// them: native part, AF_BLUETOOTH and the kernel's HCI. Named package as argument. Prints one line per step, exit 0 when all held.
import type { BleStack, ListenOrder } from '../../../src/ble/orders.ts';
import { jbdAnswer } from '../../../src/bms/jbd-unit.ts';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { type ForkedEar, forkEar } from '../ear.mts';
import { jbdPeripheral } from '../jbd-peripheral.mts';
import { kernelHci } from '../kernel-hci.mts';

const LIMIT_MS = 60_000; // an emulated processor, several times slower

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

const first = forkEar(order);
await bothRead(first, 'reads two units');
await bothRead(first, 'keeps reading');
// The links of a process that was killed must not live on in the adapter: their batteries would be silent for ever.
first.child.kill('SIGKILL');
await first.exited;
const second = forkEar(order);
await bothRead(second, 'reads them again after a kill');
second.child.send({ type: 'stop' });
console.log(`@${stack}/noble stops with exit ${await second.exited}`);
process.exit(0);
