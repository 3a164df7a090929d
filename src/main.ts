import { Command, CommanderError } from 'commander';
import { addCan } from './commands/can.ts';
import { checking, gatewayKind, profileKind } from './commands/check.ts';
import { addControl } from './commands/control.ts';
import { addDecode } from './commands/decode.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEmulate } from './commands/emulate.ts';
import { addEncode } from './commands/encode.ts';
import { addInspect } from './commands/inspect.ts';
import { addModbus } from './commands/modbus.ts';
import { addProfiles } from './commands/profiles.ts';
import { addRecord } from './commands/record.ts';
import { addReplay } from './commands/replay.ts';
import { addRun, addStart } from './commands/run.ts';
import { addScan } from './commands/scan.ts';
import { sentence } from './model/errors.ts';

const PINNED_MAJOR = 24;

/** Adds one command to the program; every file of `commands/` exports one. */
type AddCommand = (program: Command) => void;

/** In the order that `--help` shows. */
const commands: readonly AddCommand[] = [
  addRun,
  addStart,
  addDemo,
  checking([profileKind, gatewayKind]),
  addScan,
  addInspect,
  addRecord,
  addDecode,
  addEncode,
  addEmulate,
  addReplay,
  addProfiles,
  addModbus,
  addCan,
  addControl,
  addDoctor,
];

function build(): Command {
  const program = new Command('bmsgate')
    .description('Reads batteries over Bluetooth LE and serves one bank to inverters over Modbus and CAN')
    .option('--verbose', 'show where an error came from')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  for (const add of commands) add(program);
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
  const program = build();
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
