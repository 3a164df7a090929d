// A battery that a person lets rest on the page, while the ear and the office are killed around it.
import { expect, test } from 'vitest';
import { bmsgate } from '../commands/program.ts';
import { type Visitor, visitor } from './page-visitor.ts';
import { freePort } from './site.ts';
import { until } from './until.ts';

const PASSWORD = /as demo with the password (\S+)/g;

test('a battery that rests stays silent for another ear and another office, and is read again when a person says so', async (context) => {
  const [tcp, web] = [await freePort(), await freePort()];
  const demo = bmsgate(context, 'demo', '--tcp', `127.0.0.1:${tcp}`, '--web', `127.0.0.1:${web}`);
  const passwords = () => [...demo.output().matchAll(PASSWORD)].map(([, password = '']) => password);
  const comeIn = (nth: number): Promise<Visitor> =>
    until('the page', 20_000, () => {
      const password = passwords()[nth];
      return password === undefined ? undefined : visitor(web, 'demo', password).catch(() => undefined);
    });
  const kill = (head: string): void => {
    const kin = demo.family().find(({ command }) => command.includes(`${head}.ts`));
    if (kin) process.kill(kin.pid, 'SIGKILL');
  };

  const person = await comeIn(0);
  await demo.prints(/bank fresh/);
  expect(await person.post('/batteries/a/rest', { what: 'link' })).toEqual({ done: true });
  const pack = async (id: string, who: Visitor) => (await who.live()).packs[id];
  await until('a let go', 5000, async () => (await pack('a', person))?.link?.state === 'let go');
  const restingAtMs = (await pack('a', person))?.sample_at_ms ?? 0;

  kill('ear');
  const isReadAnew = async (who: Visitor, id: string, atMs: number) =>
    ((await pack(id, who))?.sample_at_ms ?? 0) > atMs;
  const killedAtMs = (await pack('b', person))?.sample_at_ms ?? 0;
  await until('b read by another ear', 15_000, () => isReadAnew(person, 'b', killedAtMs));
  const isLetGo = async () => (await pack('a', person))?.link?.state === 'let go';
  await until('a let go by that ear too', 5000, isLetGo);
  expect(await pack('a', person)).toMatchObject({
    sample_at_ms: restingAtMs,
    rest: { what: 'link', by: 'demo' },
  });

  kill('office');
  const again = await comeIn(1);
  await until('the rest told to another office', 10_000, async () => (await pack('a', again))?.rest);
  expect((await pack('a', again))?.sample_at_ms).toBe(restingAtMs);
  expect(await again.post('/batteries/a/rest', { what: 'link' })).toEqual({
    why: expect.stringContaining('rests already'),
  });

  expect(await again.post('/batteries/a/resume')).toEqual({ done: true });
  await until('a read again', 15_000, () => isReadAnew(again, 'a', restingAtMs));
  expect((await pack('a', again))?.rest).toBeUndefined();
  expect(demo.output()).toMatch(/battery is read again battery=a/);
}, 300_000);
