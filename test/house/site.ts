// A whole site: a battery room, a gateway file, the gateway process and a master that polls it. All of it ends with its test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answered, type Watch, watch } from './master.ts';
import { type GatewayProcess, startGateway } from './process.ts';
import { addressOf, batteryRoom, ids, type Room } from './room.ts';
import { until } from './until.ts';

/** A TCP port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

export interface SiteOptions {
  /** `late`, `ramp`, `lost` … of the gateway file; the defaults without. */
  readonly freshness?: string;
  readonly poll?: string;
  /** More inverters, one YAML line each. */
  readonly inverters?: readonly string[];
  /** False: the adapter is not there yet. */
  readonly adapter?: boolean;
  /** False: every unit is out of reach at the start. */
  readonly inReach?: boolean;
  /** Where the office keeps log files; without it there is no office. */
  readonly logFolder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further lines of the gateway file. */
  readonly more?: string;
}

const batteryLine = (id: (typeof ids)[number]): string =>
  `  - { id: ${id}, bms: jbd, address: "${addressOf(id)}", cells: 8, capacity_Ah: 100, charge_current_A: 50, discharge_current_A: 100 }`;

/** Four packs, two strings; every pack is needed. */
export const gatewayFile = (
  port: number,
  { freshness, poll = '1s', inverters = [], logFolder, more = '' }: SiteOptions,
): string => `
batteries:
${ids.map(batteryLine).join('\n')}
bank:
  strings: [[a, b], [c, d]]
  chemistry: lfp
  on_partial_loss: block
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
${freshness ? `  freshness: ${freshness}` : ''}
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}" }
${inverters.map((line) => `  - ${line}`).join('\n')}
bluetooth: { adapter: hci0, poll: ${poll} }
${logFolder ? `log: { files: { folder: ${logFolder} } }` : ''}
${more}
`;

export interface Site {
  readonly room: Room;
  readonly folder: string;
  readonly port: number;
  readonly ems: Watch;
  /** The process that runs now. */
  readonly gateway: () => GatewayProcess;
  /** Starts the next one, after the last has ended. */
  readonly startAgain: () => GatewayProcess;
  /** Resolves when the bank is fresh for the first time. */
  readonly isFresh: () => Promise<void>;
}

/** Of one test, or of the tests that share a site. */
export interface Ending {
  readonly onTestFinished: (end: () => void | Promise<void>) => void;
  readonly onTestFailed: (tell: () => void) => void;
}

const START_MS = 30_000;

export async function site(
  ending: Ending,
  options: SiteOptions & { readonly logs?: boolean } = {},
): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-site-'));
  const [room, port] = await Promise.all([batteryRoom({ adapter: options.adapter ?? true }), freePort()]);
  if (options.inReach === false) room.hideAll();
  const config = join(folder, 'gateway.yaml');
  const logFolder = join(folder, 'log');
  writeFileSync(config, gatewayFile(port, options.logs ? { ...options, logFolder } : options));
  mkdirSync(join(folder, 'state'));
  const processes: GatewayProcess[] = [];
  const startAgain = () => {
    const surroundings = { config, airFolder: room.folder, folder, env: options.env ?? {} };
    const next = startGateway(surroundings);
    processes.push(next);
    return next;
  };
  const first = startAgain();
  const ems = watch(port);

  ending.onTestFailed(() => {
    for (const { lines } of processes)
      console.error(lines.map(({ atMs, text }) => `${Math.round(atMs)} ${text}`).join('\n'));
  });
  ending.onTestFinished(async () => {
    ems.stop();
    for (const { signal } of processes) signal('SIGKILL');
    await Promise.all(processes.map(({ exited }) => exited));
    room.close();
    // A child that was left behind may still write its last lines.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  return {
    room,
    folder,
    port,
    ems,
    gateway: () => processes.at(-1) ?? first,
    startAgain,
    isFresh: async () => {
      await until('the bank is fresh', START_MS, () =>
        answered(ems.sightings).some(({ bank }) => !bank.isLate && bank.packsOnline === ids.length),
      );
    },
  };
}
