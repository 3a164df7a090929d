import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Argument, type Command } from 'commander';
import type { Errand } from '../ble/orders.ts';
import { GatewayError } from '../model/errors.ts';
import { type DoorLine, doorPath } from '../wires/control-door.ts';
import { runFolder } from './serving.ts';

const refused = (message: string) => new GatewayError('REFUSED', { message });

const SERVICE_FOLDER = '/run/bmsgate';

const CLOSED =
  'no running gateway takes commands; set `control: true` in its gateway file, restart it, and run this as its user or as root';

/** What a person types at the question, or sends through a pipe. */
async function typedBy(question: string): Promise<string> {
  process.stderr.write(question);
  for await (const line of createInterface({ input: process.stdin })) return line.trim();
  return '';
}

/** Nobody is there: no door at all, or one that a gateway left when it was killed. */
const isNobody = (error: Error): boolean =>
  'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED');

function knock(path: string): Promise<Socket | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket | undefined>();
  const socket = createConnection(path);
  socket.once('connect', () => resolve(socket));
  socket.once('error', (error) => (isNobody(error) ? resolve(undefined) : reject(refused(CLOSED))));
  return promise;
}

/** Through the first of the doors behind which there is somebody. Rejects with REFUSED when it is shut to us, or nobody is there. */
export async function enter(doors: readonly string[]): Promise<Socket> {
  for (const door of doors) {
    const socket = await knock(door);
    if (socket) return socket;
  }
  throw refused(CLOSED);
}

/** Hands the wish to the running gateway and prints what it tells. */
async function handOver(target: string, errand: Errand): Promise<void> {
  const typed = await typedBy(`type \`${target}\` and Enter to go on: `);
  if (typed !== target) throw refused('it was not confirmed; nothing was sent');
  // The service, else a gateway that this user started.
  const socket = await enter([SERVICE_FOLDER, runFolder()].map(doorPath));
  const failed = new Promise<never>((_, reject) => socket.once('error', () => reject(refused(CLOSED))));
  socket.write(`${JSON.stringify({ target, typed, errand })}\n`);
  const told = async () => {
    for await (const text of createInterface({ input: socket })) {
      // The door writes nothing but these.
      const line = JSON.parse(text) as DoorLine;
      if ('say' in line) process.stdout.write(`${line.say}\n`);
      else if (line.why !== undefined) throw refused(line.why);
      else return;
    }
    throw refused('the gateway ended before it was done; look at its log');
  };
  await Promise.race([told(), failed]).finally(() => {
    socket.destroy();
    process.stdin.destroy();
  });
}

const target = () =>
  new Argument('<battery>', 'its id in the gateway file, or `all` for one after the other');

/** `bmsgate control`: by hand, on this machine, with a running gateway whose file permits it. */
export function addControl(program: Command): void {
  const control = program
    .command('control')
    .description(
      'switch a FET or send raw bytes, through the running gateway (needs `control: true` in its file)',
    );
  control
    .command('fet')
    .description(
      'switch the charge or discharge FET; before it opens, the limit is told as zero and the current waited for',
    )
    .addArgument(target())
    .addArgument(new Argument('<direction>').choices(['charge', 'discharge']))
    .addArgument(new Argument('<state>').choices(['on', 'off']))
    .action((battery: string, direction: 'charge' | 'discharge', state: string) =>
      handOver(battery, { kind: 'fet', direction, on: state === 'on' }),
    );
  control
    .command('raw')
    .description(
      'send these bytes and print what comes back; only frames that read, unless the file permits more',
    )
    .addArgument(target())
    .argument('<hex>', 'whole bytes, e.g. dda50300fffd77')
    .action((battery: string, hex: string) => handOver(battery, { kind: 'raw', hex }));
}
