import { Command, CommanderError } from 'commander';
import { sentence } from './model/errors.ts';

const PINNED_MAJOR = 24;

/** Adds one command to the program; every file of `commands/` exports one. */
type AddCommand = (program: Command) => void;

/** In the order that `--help` shows. Each is loaded when it is asked for: what serves inverters does not wait for the others. */
const commands = new Map<string, () => Promise<AddCommand>>([
  ['run', async () => (await import('./commands/run.ts')).addRun],
  ['start', async () => (await import('./commands/run.ts')).addStart],
  ['demo', async () => (await import('./commands/demo.ts')).addDemo],
  ['check', async () => (await import('./commands/check.ts')).addCheck],
  ['scan', async () => (await import('./commands/scan.ts')).addScan],
  ['inspect', async () => (await import('./commands/inspect.ts')).addInspect],
  ['record', async () => (await import('./commands/record.ts')).addRecord],
  ['decode', async () => (await import('./commands/decode.ts')).addDecode],
  ['encode', async () => (await import('./commands/encode.ts')).addEncode],
  ['emulate', async () => (await import('./commands/emulate.ts')).addEmulate],
  ['replay', async () => (await import('./commands/replay.ts')).addReplay],
  ['profiles', async () => (await import('./commands/profiles.ts')).addProfiles],
  ['modbus', async () => (await import('./commands/modbus.ts')).addModbus],
  ['can', async () => (await import('./commands/can.ts')).addCan],
  ['control', async () => (await import('./commands/control.ts')).addControl],
  ['history', async () => (await import('./commands/history.ts')).addHistory],
  ['events', async () => (await import('./commands/events.ts')).addEvents],
  ['alerts', async () => (await import('./commands/alerts.ts')).addAlerts],
  ['doctor', async () => (await import('./commands/doctor.ts')).addDoctor],
]);

/** The one that is asked for; all of them for `--help`, and for a name that is none of theirs. */
function wanted(argv: readonly string[]): Promise<AddCommand[]> {
  const asked = commands.get(argv.slice(2).find((word) => !word.startsWith('-')) ?? '');
  return Promise.all((asked ? [asked] : [...commands.values()]).map((load) => load()));
}

function build(added: readonly AddCommand[]): Command {
  const program = new Command('bmsgate')
    .description('Reads batteries over Bluetooth LE and serves one bank to inverters over Modbus and CAN')
    .option('--verbose', 'show where an error came from')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  for (const add of added) add(program);
  return program;
}

/** A reader that has seen enough (`| head`) is no trouble; what cannot be written for another reason is said once. */
function watchOutput(): void {
  process.stdout.once('error', ({ code }: NodeJS.ErrnoException) => {
    process.stdout.on('error', () => {});
    if (code === 'EPIPE') return;
    process.exitCode = 1;
    process.stderr.write(`standard output cannot be written (${code}); look at the disk it goes to\n`);
  });
}

/** 0 done, 1 what was asked for is wrong, 2 usage (design, section 5). */
async function run(argv: string[]): Promise<number> {
  const program = build(await wanted(argv));
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(
      `${program.opts().verbose && error instanceof Error ? error.stack : sentence(error)}\n`,
    );
    return 1;
  }
}

if (Number(process.versions.node.split('.')[0]) !== PINNED_MAJOR) {
  process.stderr.write(
    `bmsgate runs on Node ${PINNED_MAJOR}, this is ${process.version}: start it with \`npx bmsgate\`\n`,
  );
  process.exitCode = 1;
} else {
  watchOutput();
  process.exitCode = await run(process.argv);
}
