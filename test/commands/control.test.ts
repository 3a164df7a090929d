// Which gateway of this machine a command by hand reaches.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { enter } from '../../src/commands/control.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bmsgate-door-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a gateway leaves that is killed. */
function leftDoor(): string {
  const path = join(folder(), 'control.sock');
  const killed =
    'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  spawnSync(process.execPath, ['-e', killed, path]);
  expect(existsSync(path)).toBe(true);
  return path;
}

async function openDoor(says: string): Promise<string> {
  const path = join(folder(), 'control.sock');
  const server = createServer((socket) => socket.end(says)).listen(path);
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return path;
}

const heardThrough = async (...doors: readonly string[]): Promise<string> => {
  let text = '';
  for await (const piece of await enter(doors)) text += piece;
  return text;
};

test('a service that was killed does not hide the gateway that this user started', async () => {
  expect(await heardThrough(leftDoor(), await openDoor('mine'))).toBe('mine');
});

test('a service that runs is asked first', async () => {
  expect(await heardThrough(await openDoor('the service'), await openDoor('mine'))).toBe('the service');
});

test('where nobody is there, it is said what to do', async () => {
  await expect(enter([leftDoor(), join(folder(), 'control.sock')])).rejects.toThrow(
    'no running gateway takes commands; set `control: true`',
  );
});
