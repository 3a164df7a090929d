import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holdAll, holdCan } from '../../src/wires/hold.ts';

const root = join(import.meta.dirname, '..', '..');
const name = (of: string) => `t-${of}-${process.pid}`;

/** Another process that holds the name until it is killed; resolves when it has it. */
async function another(held: string) {
  const code = `import('${join(root, 'src/wires/hold.ts')}').then(m => m.holdCan('${held}')).then(() => { console.log('held'); setInterval(() => {}, 1000) })`;
  const child = spawn(join(root, 'node_modules/.bin/node'), ['-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}

describe('a CAN interface', () => {
  test('that another bmsgate speaks on is refused with what to do, and free as soon as that one is dead', async () => {
    const kill = await another(name('can0'));
    await expect(holdCan(name('can0'))).rejects.toThrow(
      `another bmsgate speaks on ${name('can0')}; stop it (\`systemctl stop bmsgate\`) or name another interface`,
    );
    await kill();
    (await holdCan(name('can0')))();
  });

  test('is held all or none', async () => {
    const release = await holdCan(name('b'));
    await expect(holdAll([name('a'), name('b')])).rejects.toThrow('another bmsgate');
    (await holdCan(name('a')))();
    release();
  });

  test('that two inverters share is held once', async () => {
    const release = await holdAll([name('c'), name('c')]);
    release();
    (await holdCan(name('c')))();
  });
});
