// An empty folder, a battery room on the virtual air, and `bmsgate run --setup` in it. All of it ends with its test.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayProcess, startGateway } from '../house/process.ts';
import { batteryRoom, type Room } from '../house/room.ts';
import { type Ending, freePort } from '../house/site.ts';

export interface SetupSite {
  readonly room: Room;
  readonly folder: string;
  /** The gateway file, which is not there yet. */
  readonly config: string;
  /** Where the page is: `http://127.0.0.1:…`. */
  readonly url: string;
  readonly port: number;
  readonly gateway: GatewayProcess;
  /** The six digits that the terminal shows. */
  readonly code: () => Promise<string>;
  /** Another process of this folder. */
  readonly startAgain: (args: readonly string[]) => GatewayProcess;
}

const CODE = /with the code (\d{6})/;

export interface SetupSiteOptions {
  readonly adapter?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Puts something into the folder before the setup begins. */
  readonly prepare?: (folder: string) => void;
  readonly args?: readonly string[];
}

export async function setupSite(ending: Ending, options: SetupSiteOptions = {}): Promise<SetupSite> {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-setup-'));
  const [room, port] = await Promise.all([batteryRoom({ adapter: options.adapter ?? true }), freePort()]);
  mkdirSync(join(folder, 'state'));
  options.prepare?.(folder);
  const config = join(folder, 'gateway.yaml');
  const processes: GatewayProcess[] = [];
  const startAgain = (args: readonly string[]): GatewayProcess => {
    const next = startGateway({ config, airFolder: room.folder, folder, env: options.env ?? {}, args });
    processes.push(next);
    return next;
  };
  const gateway = startAgain(['--setup', '--listen', `127.0.0.1:${port}`, ...(options.args ?? [])]);
  ending.onTestFailed(() => {
    for (const { lines } of processes)
      console.error(lines.map(({ atMs, text }) => `${Math.round(atMs)} ${text}`).join('\n'));
  });
  ending.onTestFinished(async () => {
    for (const { signal } of processes) signal('SIGKILL');
    await Promise.all(processes.map(({ exited }) => exited));
    room.close();
    // A child that was left behind may still write its last lines.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  return {
    room,
    folder,
    config,
    url: `http://127.0.0.1:${port}`,
    port,
    gateway,
    startAgain,
    async code() {
      await gateway.hears(/page is served/, 20_000);
      return CODE.exec((await gateway.hears(CODE, 20_000)).text)?.[1] ?? '';
    },
  };
}
