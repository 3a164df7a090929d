import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type LogLine, type LogOptions, openLog } from '../../src/log.ts';

function heard(options: LogOptions = {}) {
  const lines: string[] = [];
  const log = openLog({ terminal: false, out: { write: (text) => lines.push(text) }, ...options });
  return { lines, log };
}

describe('what journald is told', () => {
  test('is one line: the urgency, the room, the sentence, then the fields', () => {
    const { lines, log } = heard();
    log.child({ room: 'ble' }).warn({ battery: 'garage-2', waitedMs: 4000 }, 'battery did not answer');
    expect(lines).toEqual(['<4>ble: battery did not answer battery=garage-2 waitedMs=4000\n']);
  });

  test('carries the urgency of each level, and bytes only when they are asked for', () => {
    const { lines, log } = heard({ level: 'trace' });
    log.error('a');
    log.warn('b');
    log.notice('c');
    log.info('d');
    log.debug('e');
    log.trace({ hex: 'dd a5 03' }, 'sent');
    expect(lines.map((l) => l.slice(0, 3))).toEqual(['<3>', '<4>', '<5>', '<6>', '<7>', '<7>']);
    expect(lines.at(-1)).toBe('<7>sent hex="dd a5 03"\n');
    const quiet = heard();
    quiet.log.debug('unheard');
    expect(quiet.lines).toEqual([]);
  });

  test('stays one line when a battery calls itself something with a line feed in it', () => {
    const { lines, log } = heard();
    log.info({ name: 'A\n<3>B', empty: '' }, 'seen\non the air');
    expect(lines).toEqual(['<6>seen on the air name="A\\n<3>B" empty=""\n']);
  });

  test('moves no cursor: a control character above ASCII is told by its number', () => {
    const { lines, log } = heard();
    log.info({ name: 'A\u009b31m\u2028B', all: ['\u0085'] }, 'seen\u009b2J');
    expect(lines).toEqual(['<6>seen 2J name="A\\u009b31m\\u2028B" all=["\\u0085"]\n']);
  });

  test('gives the sentence of an error, and its stack only to those who debug', () => {
    const plain = heard();
    plain.log.error({ err: new Error('no such device') }, 'the port is gone');
    expect(plain.lines).toEqual(['<3>the port is gone err="no such device"\n']);
    const verbose = heard({ level: 'debug' });
    verbose.log.error({ err: new Error('no such device') }, 'the port is gone');
    expect(verbose.lines[0]).toMatch(/^<3>the port is gone err="no such device" stack="Error: .*log\.test/);
  });

  test('leaves out what is unknown and shows lists as JSON', () => {
    const { lines, log } = heard();
    log.info({ socPct: undefined, alarms: ['low_soc'], on: true }, 'state');
    expect(lines).toEqual(['<6>state alarms=["low_soc"] on=true\n']);
  });
});

test('a terminal sees the time and the level in words', () => {
  const { lines, log } = heard({ terminal: true });
  log.child({ room: 'can' }).notice({ bus: 'can0' }, 'the bus is up');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} notice can: the bus is up bus=can0\n$/);
});

test('the log files hear the same record with its moment and its battery', () => {
  const taped: LogLine[] = [];
  const { log } = heard({ tap: (line) => taped.push(line) });
  log.child({ room: 'bank' }).warn({ battery: 'a' }, 'battery is stale');
  log.info('started');
  expect(taped.map((l) => l.battery)).toEqual(['a', undefined]);
  expect(taped[0]?.text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn bank: battery is stale battery=a$/);
});

test('a reader of standard output that stops reading never stops the loop', async () => {
  const program = `
    import { openLog } from ${JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)};
    const log = openLog({ terminal: false });
    const sheet = 'x'.repeat(1000);
    let ticks = 0;
    const timer = setInterval(() => {
      for (let i = 0; i < 400; i++) log.info({ sheet }, 'many words');
      if (++ticks === 10) { clearInterval(timer); process.stderr.write('still beating'); }
    }, 5);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  try {
    // Nobody reads child.stdout: 4 MB are written into a pipe that holds 64 kB.
    const [said] = await once(child.stderr, 'data');
    expect(String(said)).toBe('still beating');
  } finally {
    child.kill('SIGKILL');
  }
});
