import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { openSystemd, watchdogMs } from '../../src/systemd.ts';

const env = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '30000000' };

/** A service manager whose helper ends when the test says so, and a clock that the test turns. */
function serviceManager(environment: Record<string, string> = env) {
  const told: string[] = [];
  const reports: string[] = [];
  const helpers: ((why?: string) => void)[] = [];
  const ticks: (() => void)[] = [];
  let nowMs = 0;
  const systemd = openSystemd({
    env: environment,
    report: (sentence) => reports.push(sentence),
    helper: (words, done) => {
      told.push(words.join(' '));
      helpers.push(done);
    },
    every: (_ms, act) => {
      ticks.push(act);
      return () => ticks.splice(ticks.indexOf(act), 1);
    },
    clock: () => nowMs,
  });
  const helperEnds = (why?: string) => helpers.shift()?.(why);
  const seconds = (n: number, why?: string, ms = 1000) => {
    for (let i = 0; i < n; i++) {
      nowMs += ms;
      for (const tick of [...ticks]) tick();
      helperEnds(why);
    }
  };
  return { systemd, told, reports, helpers, helperEnds, seconds };
}

describe('what systemd is told', () => {
  test('is nothing where nobody listens', () => {
    const { systemd, told } = serviceManager({});
    systemd.ready();
    systemd.watch(() => true);
    expect(told).toEqual([]);
  });

  test('goes through one helper at a time, the newest word of each kind', () => {
    const { systemd, told, helpers, helperEnds } = serviceManager();
    systemd.ready();
    systemd.status('1 of 2 batteries');
    systemd.status('2 of 2 batteries\nfine');
    systemd.stopping();
    expect(helpers.length).toBe(1);
    helperEnds();
    expect(told).toEqual(['READY=1', 'STATUS=2 of 2 batteries fine STOPPING=1']);
  });

  test('a helper that fails is reported once and its word is not lost', () => {
    const { systemd, told, reports, helperEnds } = serviceManager();
    systemd.ready();
    helperEnds('spawn systemd-notify ENOENT');
    systemd.status('running');
    helperEnds('spawn systemd-notify ENOENT');
    expect(reports).toEqual(['systemd was not told: systemd-notify: spawn systemd-notify ENOENT']);
    expect(told[1]).toBe('READY=1 STATUS=running');
  });
});

describe('the watchdog', () => {
  test('is fed at half of its patience', () => {
    const { systemd, told, seconds } = serviceManager();
    systemd.watch(() => true);
    seconds(14);
    expect(told).toEqual([]);
    seconds(31);
    expect(told).toEqual(['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1']);
  });

  test('does not miss a meal because a timer came a millisecond early', () => {
    const { systemd, told, seconds } = serviceManager();
    systemd.watch(() => true);
    seconds(14);
    seconds(1, undefined, 999);
    expect(told).toEqual(['WATCHDOG=1']);
  });

  test('goes hungry while a wire is overdue, says so once, and is fed within a second of the recovery', () => {
    const { systemd, told, reports, seconds } = serviceManager();
    let healthy = false;
    systemd.watch(() => healthy);
    seconds(25);
    expect(told).toEqual([]);
    expect(reports).toEqual(['the watchdog is not fed: an evaluation or a wire is overdue']);
    healthy = true;
    seconds(1);
    expect(told).toEqual(['WATCHDOG=1']);
  });

  test('is not fed with a sign of life that is out of date', () => {
    const { systemd, told, seconds } = serviceManager();
    systemd.watch(() => true);
    seconds(15, 'it ended with 1');
    systemd.status('an inverter is overdue');
    expect(told).toEqual(['WATCHDOG=1', 'STATUS=an inverter is overdue']);
  });

  test('is left alone once the watch has ended', () => {
    const { systemd, told, seconds } = serviceManager();
    const end = systemd.watch(() => true);
    end();
    seconds(60);
    expect(told).toEqual([]);
  });

  test('of another process is none of ours', () => {
    expect(watchdogMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '7' }, 8)).toBeUndefined();
    expect(watchdogMs({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '8' }, 8)).toBe(15_000);
    expect(watchdogMs({ WATCHDOG_USEC: 'soon' }, 8)).toBeUndefined();
  });
});

/** A notify socket as systemd has one: prints each datagram, closes the descriptors of a barrier. */
const listener = `
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listening', flush=True)
while True:
    data, ancillary, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(64))
    for level, kind, value in ancillary:
        if kind == socket.SCM_RIGHTS:
            for fd in array.array('i', value): os.close(fd)
    for line in data.decode().splitlines():
        if line != 'BARRIER=1': print(line, flush=True)
`;

const peers = ['systemd-notify', 'python3'].every((tool) => spawnSync(tool, ['--version']).status === 0);

test.skipIf(!peers)(
  'the real systemd-notify brings every word to a real socket (needs python3)',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notify-'));
    const socket = join(folder, 'notify');
    const python = spawn('python3', ['-c', listener, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    const words: string[] = [];
    const before = process.env.NOTIFY_SOCKET;
    try {
      const lines = createInterface(python.stdout);
      await once(lines, 'line');
      process.env.NOTIFY_SOCKET = socket; // systemd-notify inherits it, as it does under systemd
      const reports: string[] = [];
      const systemd = openSystemd({
        report: (sentence) => reports.push(sentence),
        env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '100000' },
      });
      const all = new Promise<void>((resolve) => {
        lines.on('line', (line) => {
          words.push(line);
          if (words.includes('WATCHDOG=1') && words.includes('STOPPING=1')) resolve();
        });
      });
      systemd.ready();
      systemd.status('2 of 2 batteries fresh');
      const end = systemd.watch(() => true);
      systemd.stopping();
      await all;
      end();
      expect(words.slice(0, 3)).toEqual(['READY=1', 'STATUS=2 of 2 batteries fresh', 'STOPPING=1']);
      expect(reports).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.NOTIFY_SOCKET;
      else process.env.NOTIFY_SOCKET = before;
      python.kill();
      rmSync(folder, { recursive: true });
    }
  },
);
