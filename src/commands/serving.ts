import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evaluation } from '../bank/memory.ts';
import type { ListenOrder } from '../ble/orders.ts';
import { memoryBus } from '../can/memory-bus.ts';
import type { CanLine } from '../can/port.ts';
import { socketCan } from '../can/socketcan.ts';
import type { ConfigurationRead } from '../config/configuration.ts';
import type { GatewayConfig } from '../config/gateway-file.ts';
import type { InverterPlan } from '../config/inverters.ts';
import type { Ahead } from '../forked.ts';
import { type GatewayOptions, startGateway } from '../gateway.ts';
import { sentence } from '../model/errors.ts';
import type { Reading } from '../read-aside.ts';
import { standardOutput } from '../standard-output.ts';
import { holdAll, holdCan, type Release } from '../wires/hold.ts';
import { statusLine } from './status-line.ts';

/** A SocketCAN interface that lets through what its inverters say. */
export const realCan = (name: string, plans: readonly InverterPlan[]): CanLine =>
  socketCan(
    name,
    plans.flatMap(({ compiled }) => compiled.can?.receives ?? []),
  );

/** The CAN interfaces of a gateway, and the hold on them against a second bmsgate. */
interface CanHold {
  readonly line: GatewayOptions['canLine'];
  readonly release: Release;
}

/** Every interface of the file, there or not: it may be plugged in later. Refuses one that another bmsgate speaks on. */
export const ownCan = async (names: readonly string[]): Promise<CanHold> => ({
  line: realCan,
  release: await holdAll(names),
});

/** The interfaces that are there and free; what would go to the others goes to a bus in memory that nobody hears. */
export async function spareCan(names: readonly string[]): Promise<CanHold> {
  const held = new Map<string, Release>();
  for (const name of new Set(names)) {
    if (!existsSync(`/sys/class/net/${name}`)) continue;
    const release = await holdCan(name).catch((error) => {
      process.stdout.write(`${sentence(error)}; until then the frames go to a bus in memory\n`);
    });
    if (release) held.set(name, release);
  }
  return {
    line: (name, plans) => (held.has(name) ? realCan(name, plans) : memoryBus(name)),
    release() {
      for (const release of held.values()) release();
    },
  };
}

/** Where `last.json` lies: systemd's folder, else one of this user's that is gone after a boot. */
export const runFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env.RUNTIME_DIRECTORY ?? join(env.XDG_RUNTIME_DIR ?? tmpdir(), `bmsgate-${process.getuid?.() ?? 0}`);

/** One line a second, on a terminal only; one that is halted (Ctrl-S) halts nothing else. */
function statusPrinter(): (state: Evaluation) => void {
  const terminal = standardOutput(() => {});
  let printedMs = Number.NEGATIVE_INFINITY;
  return (state) => {
    if (!process.stdout.isTTY || state.evaluatedAtMs - printedMs < 990) return;
    printedMs = state.evaluatedAtMs;
    terminal.write(`${statusLine(state)}\n`);
  };
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Until Ctrl-C, SIGTERM or the end of the terminal; a second signal does not wait. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of endings) process.off(signal, stop).once(signal, () => process.exit(1));
      resolve();
    };
    for (const signal of endings) process.once(signal, stop);
  });
}

const END_MS = 2000;

const canNames = ({ file }: GatewayConfig): string[] => file.inverters.flatMap(({ can }) => can ?? []);

/** What is served, in the order in which it becomes known. */
export interface Serving {
  readonly reading: Reading;
  readonly listen: (config: GatewayConfig) => ListenOrder;
  readonly ear: Ahead;
  readonly options: (
    read: ConfigurationRead,
  ) => Omit<GatewayOptions, 'onState' | 'canLine' | 'listen' | 'startEar'>;
}

/** Runs a gateway until it is told to stop. The ear listens while the profiles are still proven. */
export async function serveUntilStopped(
  { reading, listen, ear, options }: Serving,
  can: (names: readonly string[]) => Promise<CanHold>,
): Promise<void> {
  const file = await reading.file;
  let hold = await can(canNames(file));
  ear.order(listen(file));
  const read = await reading.whole;
  const { config } = read;
  if (config.hash !== file.hash) {
    hold.release();
    hold = await can(canNames(config));
  }
  const gateway = startGateway({
    ...options(read),
    listen: listen(config),
    startEar: ear.start,
    canLine: hold.line,
    onState: statusPrinter(),
  });
  await stopSignal();
  await gateway.stop();
  hold.release();
  // Only a log line that nobody takes can hold the process now.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_MS).unref();
}
