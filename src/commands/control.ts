import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
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

/** That of the service, else of a gateway that this user started. */
const doorOfHere = (): string =>
  [SERVICE_FOLDER, runFolder()].map(doorPath).find((path) => existsSync(path)) ?? doorPath(runFolder());

/** Hands the wish to the running gateway and prints what it tells. */
async function handOver(target: string, errand: Errand): Promise<void> {
  const typed = await typedBy(`type \`${target}\` and Enter to go on: `);
  if (typed !== target) throw refused('it was not confirmed; nothing was sent');
  const socket = createConnection(doorOfHere());
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
