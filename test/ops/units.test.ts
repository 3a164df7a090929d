import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
const units = new URL('../../systemd/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, units), 'utf8');
const root = mkdtempSync(join(tmpdir(), 'units-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'verify-'));
});

/** systemd reads a copy in which the programs are ones that this machine has. Returns what it complains of. */
function complaints(name: string, unit: string): string {
  const here = unit
    .replaceAll('/opt/bmsgate/src/bmsgate.sh', process.execPath)
    .replaceAll(/\/usr\/bin\/(hciconfig|install|chown)/g, process.execPath)
    .replaceAll('/sbin/ip', process.execPath);
  const file = join(folder, name);
  writeFileSync(file, here);
  const run = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  if (run.error) throw run.error;
  return run.stdout + run.stderr;
}

const settings = (unit: string): Map<string, string[]> => {
  const lines = unit.split('\n').filter((line) => /^\w+=/.test(line));
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const at = line.indexOf('=');
    found.set(line.slice(0, at), [...(found.get(line.slice(0, at)) ?? []), line.slice(at + 1)]);
  }
  return found;
};

describe.skipIf(!hasSystemd)('the unit files (needs systemd-analyze)', () => {
  test('are understood by systemd, every word of them', () => {
    expect(complaints('bmsgate.service', text('bmsgate.service'))).toBe('');
    expect(complaints('bmsgate-can@can0.service', text('bmsgate-can@.service'))).toBe('');
    expect(complaints('bmsgate-setup.service', text('bmsgate-setup.service'))).toBe('');
  });

  test('would be refused with a word that systemd does not know', () => {
    const wrong = text('bmsgate.service').replace('WatchdogSec=30', 'WatchdogSecs=30');
    expect(complaints('bmsgate.service', wrong)).toContain('WatchdogSecs');
  });

  test('start the gateway again for ever, feed it a watchdog, and keep the age of its data over a restart', () => {
    const unit = settings(text('bmsgate.service'));
    const only = (name: string) => unit.get(name)?.join(' ');
    expect(only('Type')).toBe('notify');
    expect(only('NotifyAccess')).toBe('all');
    expect(only('Restart')).toBe('always');
    expect(only('RestartSec')).toBe('1');
    expect(only('StartLimitIntervalSec')).toBe('0');
    expect(only('WatchdogSec')).toBe('30');
    expect(only('RuntimeDirectory')).toBe('bmsgate');
    expect(only('RuntimeDirectoryPreserve')).toBe('yes');
  });

  test('give the gateway one capability and its own user', () => {
    const unit = settings(text('bmsgate.service'));
    expect(unit.get('AmbientCapabilities')).toEqual(['CAP_NET_RAW']);
    expect(unit.get('CapabilityBoundingSet')).toEqual(['CAP_NET_RAW']);
    expect(unit.get('User')).toEqual(['bmsgate']);
  });

  test.each(['bmsgate.service', 'bmsgate-setup.service'])(
    'keep the exposure that systemd calculates for %s at 2.5 of 10 or lower',
    (name) => {
      complaints(name, text(name));
      const args = ['security', '--offline=yes', '--threshold=25', '--no-pager', join(folder, name)];
      expect(spawnSync('systemd-analyze', args).status).toBe(0);
    },
  );

  test('never serve a simulation: without a gateway file the service fails', () => {
    const [command] = settings(text('bmsgate.service')).get('ExecStart') ?? [];
    expect(command).toBe('/opt/bmsgate/src/bmsgate.sh run --config /etc/bmsgate/gateway.yaml');
  });

  test('let the setup have radio and folder alone, and start the gateway only when a file was written', () => {
    const unit = settings(text('bmsgate-setup.service'));
    expect(unit.get('Conflicts')).toEqual(['bmsgate.service']);
    expect(unit.get('OnSuccess')).toEqual(['bmsgate.service']);
    expect(unit.get('Restart')).toBeUndefined();
    expect(unit.get('User')).toEqual(['bmsgate']);
    expect(unit.get('StateDirectory')).toEqual(settings(text('bmsgate.service')).get('StateDirectory'));
    expect(unit.get('ExecStart')?.[0]).toContain(
      'run --setup --write-only --config /etc/bmsgate/gateway.yaml',
    );
    expect(text('bmsgate-setup.service')).not.toContain('[Install]');
  });

  test('name the user and its group in a form that systemd-sysusers takes', () => {
    mkdirSync(join(folder, 'etc'));
    const file = new URL('sysusers.d/bmsgate.conf', units).pathname;
    const run = spawnSync('systemd-sysusers', [`--root=${folder}`, file], { encoding: 'utf8' });
    expect([run.status, run.stderr.match(/warn|fail|ignoring/i)]).toEqual([0, null]);
    expect(readFileSync(join(folder, 'etc/group'), 'utf8')).toMatch(/^dialout:x:\d+:bmsgate$/m);
  });
});

test('both ways to bring can0 up restart it after bus-off and use the bit rate of the profiles', () => {
  expect(text('80-can0.network')).toMatch(/^BitRate=500K$/m);
  expect(text('80-can0.network')).toMatch(/^RestartSec=100ms$/m);
  expect(text('bmsgate-can@.service')).toMatch(/^ExecStart=.* up type can bitrate 500000 restart-ms 100$/m);
});
