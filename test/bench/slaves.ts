// The slaves that are measured, each a process of its own on a serial path: ours, and those of other people.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchSlave {
  readonly name: string;
  readonly isOurs?: true;
  /** Why it cannot be measured here; what to do. */
  readonly missing?: string;
  readonly start: (path: string, baud: number) => ChildProcess;
  /** Answers take so long that fewer are asked for: 1 is all. */
  readonly share: number;
}

const here = import.meta.dirname;
const PYTHON = '/usr/bin/python3';

const run = (program: string, args: readonly string[]): ChildProcess =>
  spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });

const nodeSlave =
  (whose: string, ...more: number[]): BenchSlave['start'] =>
  (path, baud) =>
    run(process.execPath, [join(here, 'node-slave.ts'), whose, path, String(baud), ...more.map(String)]);

const succeeds = (program: string, args: readonly string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Compiled once a run. */
function libmodbus(): BenchSlave {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'libmodbus-slave');
  const source = join(here, 'libmodbus-slave.c');
  const made = succeeds('cc', ['-O2', '-I/usr/include/modbus', '-o', program, source, '-lmodbus']);
  return {
    name: 'libmodbus (C)',
    share: 1,
    ...(!made && { missing: 'apt-get install libmodbus-dev gcc' }),
    start: (path, baud) => run(program, [path, String(baud)]),
  };
}

function pymodbus(): BenchSlave {
  const isThere = succeeds(PYTHON, ['-c', 'import pymodbus, serial, serial_asyncio']);
  return {
    name: 'pymodbus',
    share: 0.25,
    ...(!isThere && { missing: 'apt-get install python3-pymodbus python3-serial-asyncio' }),
    start: (path, baud) => run(PYTHON, [join(here, 'pymodbus-slave.py'), path, String(baud)]),
  };
}

/** Ours come first: the others are compared with the first. */
export const benchSlaves = (): readonly BenchSlave[] => [
  { name: 'bmsgate, reply_delay 0', isOurs: true, share: 1, start: nodeSlave('bmsgate', 0) },
  libmodbus(),
  pymodbus(),
  { name: 'modbus-serial, interval 1', share: 0.05, start: nodeSlave('modbus-serial', 1) },
  { name: 'modbus-serial, as it comes', share: 0.01, start: nodeSlave('modbus-serial') },
];

/** As it is by default: it keeps the silence of t3.5 before it answers. */
export const oursByDefault: BenchSlave = {
  name: 'bmsgate, reply_delay t3.5',
  isOurs: true,
  share: 0.05,
  start: nodeSlave('bmsgate'),
};
