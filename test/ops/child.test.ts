import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type ChildTimers, KeptChild, type Message } from '../../src/child.ts';
import { forkAhead, forkHead } from '../../src/forked.ts';
import { childrenOf, isAlive } from '../house/process.ts';
import { until } from '../house/until.ts';

/** A clock that the test turns; calls come in the order of their moments. */
function crank() {
  let nowMs = 0;
  let calls: { atMs: number; everyMs?: number; act: () => void }[] = [];
  const add = (call: (typeof calls)[number]) => {
    calls.push(call);
    return () => {
      calls = calls.filter((c) => c !== call);
    };
  };
  const timers: ChildTimers = {
    now: () => nowMs,
    every: (ms, act) => add({ atMs: nowMs + ms, everyMs: ms, act }),
    after: (ms, act) => add({ atMs: nowMs + ms, act }),
  };
  const turn = (ms: number) => {
    const end = nowMs + ms;
    for (;;) {
      const next = calls.filter((c) => c.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      nowMs = next.atMs;
      if (next.everyMs) next.atMs += next.everyMs;
      else calls = calls.filter((c) => c !== next);
      next.act();
    }
    nowMs = end;
  };
  return { timers, turn, now: () => nowMs };
}

interface FakeChild {
  readonly startedAtMs: number;
  readonly got: string[];
  answers: boolean;
  full: boolean;
  taken: () => void;
  kills: number;
  says: (message: Message) => void;
  dies: (why?: string) => void;
}

/** A kept child whose processes the test plays: they answer pings until told not to, and die when killed. */
function nursery() {
  const { timers, turn, now } = crank();
  const born: FakeChild[] = [];
  const heard: Message[] = [];
  const reports: string[] = [];
  const kept = new KeptChild({
    name: 'ear',
    timers,
    heard: (message) => heard.push(message),
    report: (sentence) => reports.push(sentence),
    start(hears, ended) {
      const child: FakeChild = {
        startedAtMs: now(),
        got: [],
        answers: true,
        full: false,
        taken: () => {},
        kills: 0,
        says: hears,
        dies: (why = 'exit 1') => ended(why),
      };
      born.push(child);
      return {
        send(message, taken) {
          child.got.push(message.type);
          child.taken = taken;
          if (message.type === 'ping' && child.answers) hears({ type: 'pong' });
          return !child.full;
        },
        kill() {
          child.kills++;
          ended('SIGKILL');
        },
      };
    },
  });
  const child = (n: number): FakeChild => {
    const one = born[n];
    if (!one) throw new Error(`child ${n} was never born`);
    return one;
  };
  return { kept, born, child, heard, reports, turn, now };
}

describe('the ear', () => {
  test('lives on as long as it answers', () => {
    const { kept, born, child, turn, reports } = nursery();
    kept.start();
    turn(3_600_000);
    expect([born.length, child(0).kills, reports.length]).toEqual([1, 0, 0]);
  });

  test('that falls silent is killed after 4 s and replaced within 5 s', () => {
    const { kept, born, child, turn, reports } = nursery();
    kept.start();
    turn(100_000);
    child(0).answers = false;
    turn(3_999);
    expect(born.length).toBe(1);
    turn(1_001);
    expect(born.length).toBe(2);
    expect(reports).toEqual([
      'ear does not answer and is killed',
      'ear ended (SIGKILL) and is replaced in 0 ms',
    ]);
  });

  test('that stands still for 2.9 s, as a stack may that connects to a unit out of reach, is left alone', () => {
    for (const phaseMs of [0, 250, 500, 750, 999]) {
      const { kept, born, child, turn } = nursery();
      kept.start();
      turn(100_000 + phaseMs);
      child(0).answers = false;
      turn(2_900);
      child(0).answers = true;
      child(0).says({ type: 'pong' }); // the pings have waited for it
      turn(10_000);
      expect(born.length).toBe(1);
    }
  });

  test('that wedges again and again is still replaced within 5 s each time', () => {
    const { kept, born, child, turn } = nursery();
    kept.start();
    for (let i = 0; i < 8; i++) {
      turn(1_500);
      const before = born.length;
      child(before - 1).answers = false;
      turn(5_000);
      expect(born.length).toBe(before + 1);
    }
  });

  test('may take 10 s to load before its first word, not longer', () => {
    const { kept, born, child, turn } = nursery();
    kept.start();
    child(0).answers = false;
    turn(10_000);
    expect(born.length).toBe(1);
    turn(1_000);
    expect(born.length).toBe(2);
  });

  test('that was too slow to load has twice as long the next time, at most 40 s, and 10 s again once it has spoken', () => {
    const { kept, born, child, turn } = nursery();
    kept.start();
    child(0).answers = false;
    for (const loadingS of [10, 20, 40, 40]) {
      const before = born.length;
      turn(loadingS * 1_000);
      expect(born.length).toBe(before);
      turn(1_000);
      expect(born.length).toBe(before + 1);
      child(before).answers = false;
    }
    child(born.length - 1).answers = true;
    turn(60_000);
    child(born.length - 1).dies();
    turn(0);
    child(born.length - 1).answers = false;
    const before = born.length;
    turn(11_000);
    expect(born.length).toBe(before + 1);
  });

  test('that crashes is replaced at once, then 1 s, 2 s, and at most 4 s from start to start', () => {
    const { kept, born, turn } = nursery();
    kept.start();
    while (born.length < 7) {
      const before = born.length;
      born.at(-1)?.dies();
      while (born.length === before) turn(100);
    }
    expect(born.map((c) => c.startedAtMs)).toEqual([0, 0, 1_000, 3_000, 7_000, 11_000, 15_000]);
  });

  test('that lived for a minute is replaced at once again', () => {
    const { kept, born, turn } = nursery();
    kept.start();
    born.at(-1)?.dies();
    turn(0);
    turn(60_000);
    born.at(-1)?.dies();
    turn(0);
    expect(born.length).toBe(3);
  });

  test('gets its orders again when it is a new one, only the newest', () => {
    const { kept, child, turn } = nursery();
    kept.order({ type: 'orders-before' });
    kept.start();
    kept.order({ type: 'orders-now' });
    child(0).dies();
    turn(0);
    expect(child(0).got).toEqual(['orders-before', 'orders-now']);
    expect(child(1).got).toEqual(['orders-now']);
  });

  test('that does not keep up loses messages, counted, but never its orders', () => {
    const { kept, child } = nursery();
    kept.start();
    child(0).full = true;
    expect(kept.send({ type: 'state' })).toBe(true);
    expect(kept.send({ type: 'state' })).toBe(false);
    kept.order({ type: 'orders' });
    expect([kept.dropped, child(0).got]).toEqual([1, ['state']]);
    child(0).full = false;
    child(0).taken();
    expect(child(0).got).toEqual(['state', 'orders']);
    expect(kept.send({ type: 'state' })).toBe(true);
  });

  test('that is not there yet costs a message, never an exception', () => {
    const { kept } = nursery();
    expect(kept.send({ type: 'state' })).toBe(false);
    expect(kept.dropped).toBe(1);
  });

  test('hands on what it hears, without the pongs', () => {
    const { kept, child, heard, turn } = nursery();
    kept.start();
    turn(5_000);
    child(0).says({ type: 'sample' });
    expect(heard).toEqual([{ type: 'sample' }]);
  });

  test('is asked to stop, killed after 2 s if it will not, and not replaced', async () => {
    const { kept, born, child, turn } = nursery();
    kept.start();
    const stopped = kept.stop();
    turn(1_999);
    expect([child(0).got, child(0).kills]).toEqual([['stop'], 0]);
    turn(1);
    await stopped;
    turn(60_000);
    expect([child(0).kills, born.length]).toEqual([1, 1]);
  });

  test('that is waiting to be born again is not born after a stop', async () => {
    const { kept, born, child, turn } = nursery();
    kept.start();
    child(0).dies();
    turn(0);
    child(1).dies();
    await kept.stop();
    turn(60_000);
    expect(born.length).toBe(2);
  });
});

describe('a real child process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'child-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const forked = new URL('../../src/forked.ts', import.meta.url).href;
  const program = join(folder, 'head.ts');
  writeFileSync(
    program,
    `import { serveParent } from ${JSON.stringify(forked)};
     import { writeFileSync } from 'node:fs';
     const send = serveParent((m) => {
       if (m.mark) setImmediate(() => writeFileSync(m.mark, ''));
       if (m.type === 'orders') send({ type: 'alive', pid: process.pid, hole: m.hole, watched: process.env.NOTIFY_SOCKET });
       if (m.type === 'crash') process.exit(1);
       if (m.type === 'wedge') for (;;) {}
     }, () => send({ type: 'bye' }));`,
  );

  interface Alive extends Message {
    readonly pid: number;
    readonly hole: readonly unknown[];
    readonly watched?: string;
  }

  /** Keeps the program above; `next` is the next message that is not a pong. */
  function keep(start = forkHead(program, { env: { NOTIFY_SOCKET: '/run/none' } })) {
    const reports: string[] = [];
    const waiting: ((message: Message) => void)[] = [];
    const kept = new KeptChild({
      name: 'ear',
      start,
      heard: (message) => waiting.shift()?.(message),
      report: (sentence) => reports.push(sentence),
    });
    // The program above says what Alive says.
    const next = () => new Promise<Alive>((resolve) => waiting.push((message) => resolve(message as Alive)));
    kept.order({ type: 'orders', hole: [1, undefined, null] } as Message);
    return { kept, next, reports };
  }

  // That it takes 4 s, and never more than 5, is held above on a clock that is cranked by hand.
  test('that runs wild is killed and replaced, with its orders, and a crash costs no time at all', async () => {
    const { kept, next, reports } = keep();
    const first = next();
    kept.start();
    const { pid, hole, watched } = await first;
    expect(hole).toEqual([1, undefined, null]);
    expect(watched).toBeUndefined();

    const second = next();
    kept.send({ type: 'wedge' });
    const { pid: secondPid } = await second;
    expect(secondPid).not.toBe(pid);

    const third = next();
    kept.send({ type: 'crash' });
    expect((await third).pid).not.toBe(secondPid);
    expect(reports).toEqual([
      'ear does not answer and is killed',
      expect.stringMatching(/^ear ended \(SIGKILL\) and is replaced in 0 ms$/),
      expect.stringMatching(/^ear ended \(exit 1\) and is replaced in \d+ ms$/),
    ]);

    const bye = next();
    await kept.stop();
    expect((await bye).type).toBe('bye');
  }, 300_000);

  test('that cannot be started is a sentence, not an exception', async () => {
    const reports: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const kept = new KeptChild({
      name: 'office',
      start: forkHead(program, { args: ['no program takes a \0'] }),
      heard: () => {},
      report: (sentence) => {
        reports.push(sentence);
        resolve();
      },
    });
    kept.start();
    await promise;
    await kept.stop();
    expect(reports[0]).toMatch(/^office ended \(.*null bytes.*\) and is replaced in 0 ms$/);
  });

  const running = () => childrenOf(process.pid).filter(({ command }) => command.includes(program));

  test('that was forked ahead is the one that the first start takes; one that crashes is replaced', async () => {
    const { start } = forkAhead(program);
    const [ahead] = running();
    const { kept, next } = keep(start);
    const first = next();
    kept.start();
    expect((await first).pid).toBe(ahead?.pid);

    const second = next();
    kept.send({ type: 'crash' });
    expect((await second).pid).not.toBe(ahead?.pid);
    await kept.stop();
  }, 300_000);

  test('that was forked ahead may have its order before its start: it is not given twice, and the answer waits', async () => {
    const { start, order } = forkAhead(program);
    const orders = { type: 'orders', hole: [1, undefined, null], mark: join(folder, 'answered') };
    order(orders);
    await until('it has answered', 30_000, () => existsSync(orders.mark));
    const { kept, next } = keep(start);
    kept.order({ ...orders });
    const [first, second] = [next(), next()];
    kept.start();
    expect((await first).hole).toEqual([1, undefined, null]);
    // Were the first order given twice, its answer would come before this one.
    kept.order({ ...orders, hole: [2] } as Message);
    expect((await second).hole).toEqual([2]);
    await kept.stop();
  }, 300_000);

  test('that was forked ahead and has ended before anybody took it is forked anew', async () => {
    const { start } = forkAhead(program);
    const [ahead] = running();
    process.kill(ahead?.pid ?? Number.NaN, 'SIGKILL');
    await until('it is gone', 10_000, () => running().length === 0);
    const { kept, next } = keep(start);
    const first = next();
    kept.start();
    expect((await first).pid).not.toBe(ahead?.pid);
    await kept.stop();
  }, 300_000);

  test('that was forked ahead and never taken keeps nobody from ending, and ends too', async () => {
    const parent = join(folder, 'parent.ts');
    writeFileSync(
      parent,
      `import { readFileSync } from 'node:fs';
       import { forkAhead } from ${JSON.stringify(forked)};
       forkAhead(${JSON.stringify(program)});
       process.stdout.write(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8'));`,
    );
    const { status, stdout } = spawnSync(process.execPath, [parent], { encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(0);
    const pid = Number(stdout);
    expect(pid).toBeGreaterThan(0);
    await until('the child has ended', 30_000, () => !isAlive(pid));
  }, 300_000);

  test('that reads nothing fills its channel, and then messages are dropped instead of kept', async () => {
    const { kept, next } = keep();
    const first = next();
    kept.start();
    await first;
    kept.send({ type: 'wedge' });
    const sheet = 'x'.repeat(100_000);
    for (let i = 0; i < 100; i++) kept.send({ type: 'state', sheet } as Message);
    expect(kept.dropped).toBeGreaterThan(90);
    await kept.stop();
  }, 300_000);
});
