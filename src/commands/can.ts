import { type Command, InvalidArgumentError } from 'commander';
import { dumpLine, frameReader } from '../can/dump-line.ts';
import type { CanFault } from '../can/port.ts';
import { socketCan } from '../can/socketcan.ts';
import { loadProfile } from '../config/profile-files.ts';
import type { CanFrame } from '../model/can-frame.ts';
import { GatewayError } from '../model/errors.ts';
import { monotonicMs } from '../model/freshness.ts';
import type { CompiledCan } from '../profile/compile.ts';
import { durationMs } from './arguments.ts';
import { collect, settingsOf } from './profile-options.ts';

interface DumpOptions {
  readonly profile?: string;
  readonly count?: number;
  readonly for?: number;
  readonly option: readonly string[];
}

function whole(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('give a whole number above 0');
  return Number(text);
}

const print = (text: string) => process.stdout.write(`${text}\n`);

/** The CAN side of a profile, or a sentence when it has none. */
function canOf(id: string, settings: readonly string[]): CompiledCan {
  const { can } = loadProfile(id, { settings: settingsOf(settings) });
  if (can) return can;
  throw new GatewayError('REFUSED', {
    message: `profile \`${id}\` does not speak CAN; \`bmsgate profiles\` lists those that do`,
  });
}

/** Shows every frame on the interface until `count`, `for` or Ctrl-C ends it; ends badly when the interface goes away. */
async function dump(name: string, options: DumpOptions): Promise<void> {
  const read = options.profile === undefined ? () => [] : frameReader(canOf(options.profile, options.option));
  const startedMs = monotonicMs();
  let left = options.count ?? Number.POSITIVE_INFINITY;
  const show = (frame: CanFrame) => {
    print(dumpLine(frame, name, monotonicMs() - startedMs));
    for (const line of read(frame)) print(line);
  };
  return new Promise((done, fail) => {
    const port = socketCan(name).open({
      onFrame(frame) {
        if (left-- > 0) show(frame);
        if (left === 0) end();
      },
      onFault: (fault) => (fault === 'stopped' ? end(gone(name)) : note(fault)),
    });
    const timer = options.for === undefined ? undefined : setTimeout(end, options.for);
    process.once('SIGINT', () => end());

    function end(error?: Error): void {
      clearTimeout(timer);
      port.close();
      if (error) fail(error);
      else done();
    }
  });
}

const note = (fault: CanFault) => process.stderr.write(`the controller says ${fault}\n`);

const gone = (port: string) =>
  new GatewayError('PORT_UNAVAILABLE', {
    port,
    why: 'the interface went away',
    remedy: 'start again when it is back',
  });

export function addCan(program: Command): void {
  const can = program.command('can').description('a decoding sniffer for commissioning');
  can
    .command('dump <interface>')
    .description('show the frames on a CAN interface')
    .option('--profile <id>', 'also show what each frame says by this profile')
    .option('--option <name=value>', 'an option of the profile', collect, [])
    .option('--count <frames>', 'stop after so many frames', whole)
    .option('--for <duration>', 'stop after this time, e.g. 30s or 10m', durationMs)
    .action((name: string, options: DumpOptions) => dump(name, options));
}
