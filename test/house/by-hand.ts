import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** `bmsgate control …` beside the gateway of this folder, with what is typed at its question. */
export function control(folder: string, typed: string, ...args: string[]) {
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'src/main.ts'), 'control', ...args], {
    env: { ...process.env, RUNTIME_DIRECTORY: join(folder, 'run') },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  child.stdin.end(`${typed}\n`);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ended, output: () => output };
}
