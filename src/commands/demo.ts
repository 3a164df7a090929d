import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { planAll } from '../config/configuration.ts';
import type { GatewayConfig } from '../config/gateway-file.ts';
import { forkAhead } from '../forked.ts';
import { readInSteps, readProfileAside } from '../read-aside.ts';
import { listenOrder } from './listen-order.ts';
import { serveUntilStopped, spareCan } from './serving.ts';

interface HouseWords {
  readonly tcp: string;
  readonly web: string;
  readonly serial: string | undefined;
  /** Of the history, and gone with the demo. */
  readonly folder: string;
}

/** A 51 V bank of four packs, two strings of two, as an installer would write it. */
const house = ({ tcp, web, serial, folder }: HouseWords): string => `
batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 8, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
  - { id: b, bms: jbd, address: "A4:C1:38:00:00:02", cells: 8, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
  - { id: c, bms: jbd, address: "A4:C1:38:00:00:03", cells: 8, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
  - { id: d, bms: jbd, address: "A4:C1:38:00:00:04", cells: 8, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }
bank:
  strings: [[a, b], [c, d]]
  chemistry: lfp
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "${tcp}" }
  - { id: house, profile: pylontech-lv, can: vcan0 }
${serial ? `  - { id: line, profile: generic-modbus, serial: ${serial} }` : ''}
web: { listen: "${web}" }
history: { path: "${folder}/history.db" }
`;

interface Pty {
  /** The end that the gateway opens, and the one for a master such as mbpoll. */
  readonly ours: string;
  readonly theirs: string;
  readonly close: () => void;
}

const PTY_WAIT_MS = 2000;
const LOOK_MS = 20;

/** A pair of PTYs from socat; undefined where there is no socat. */
async function openPty(): Promise<Pty | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-demo-'));
  const [ours, theirs] = [join(folder, 'slave'), join(folder, 'master')];
  const end = (path: string) => `pty,raw,echo=0,link=${path}`;
  const socat = spawn('socat', [end(ours), end(theirs)], { stdio: 'ignore' });
  let alive = true;
  socat.on('error', () => {
    alive = false;
  });
  const close = () => {
    socat.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  // A second Ctrl-C does not come past the caller.
  process.once('exit', close);
  for (let waited = 0; alive && waited < PTY_WAIT_MS; waited += LOOK_MS) {
    if (existsSync(ours) && existsSync(theirs)) return { ours, theirs, close };
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  close();
  return undefined;
}

/** A folder that is gone with this process, however it ends. */
function temporary() {
  const path = mkdtempSync(join(tmpdir(), 'bmsgate-demo-'));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  return { path, remove };
}

/** What a newcomer can try in another terminal. */
const invitation = (tcp: string, web: string, pty: Pty | undefined): string[] => {
  const [host, port] = tcp.split(':');
  return [
    `look at it: http://${web}`,
    `read the bank: mbpoll -m tcp -p ${port} -a 1 -0 -r 256 -c 16 -1 ${host}`,
    ...(pty
      ? [`or on a serial line: mbpoll -m rtu -b 9600 -P none -a 1 -0 -r 256 -c 16 -1 ${pty.theirs}`]
      : []),
    existsSync('/sys/class/net/vcan0')
      ? 'watch the frames: candump vcan0'
      : 'CAN frames go to a bus in memory; make `vcan0` to watch them with candump',
  ];
};

/** The simulated packs are those of the file. */
const packsOf = ({ file }: GatewayConfig) =>
  Object.fromEntries(
    file.batteries.map(({ id, cells, capacity_Ah = 100 }) => [
      id,
      { cells, capacityAh: capacity_Ah, socPct: 60 },
    ]),
  );

export interface DemoOptions {
  readonly tcp?: string;
  readonly web?: string;
}

/** The whole gateway without hardware: simulated packs, real decoders, real wires. */
export async function demo({ tcp = '127.0.0.1:1502', web = '127.0.0.1:3001' }: DemoOptions): Promise<void> {
  const pty = await openPty();
  const folder = temporary();
  try {
    const reading = readInSteps({
      type: 'gateway',
      path: 'demo',
      text: house({ tcp, web, serial: pty?.ours, folder: folder.path }),
    });
    await reading.file;
    for (const line of invitation(tcp, web, pty)) process.stdout.write(`${line}\n`);
    await serveUntilStopped(
      {
        reading,
        ear: forkAhead('ear'),
        listen: (config) =>
          listenOrder(config, {
            name: 'simulation',
            form: 'simulated',
            bank: { strings: config.file.bank.strings, packs: packsOf(config) },
          }),
        options(read) {
          const { swaps: _, ...planned } = planAll(read, readProfileAside(false));
          return { ...planned, level: 'notice', isDemo: true };
        },
      },
      spareCan,
    );
  } finally {
    pty?.close();
    folder.remove();
  }
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('the whole gateway without hardware: a living simulated bank on Modbus TCP, a PTY and CAN')
    .option('--tcp <host:port>', 'where Modbus TCP listens', '127.0.0.1:1502')
    .option('--web <host:port>', 'where the page listens', '127.0.0.1:3001')
    .action(demo);
}
