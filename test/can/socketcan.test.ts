// What the library of the CAN sockets is asked to do, with one that is played by hand.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overhear } from '../../src/can/socketcan.ts';

const require = createRequire(import.meta.url);
const place = require.resolve('socketcan');
const real = require.cache[place];
const folder = mkdtempSync(join(tmpdir(), 'net-'));
/** Looks to the gateway like an interface of this machine that is up. */
const name = join(relative('/sys/class/net', folder), 'can9');
const asked: string[] = [];
const listeners = new Map<string, (message?: unknown) => void>();

beforeAll(() => {
  mkdirSync(join(folder, 'can9'));
  for (const [file, text] of Object.entries({ type: '280', flags: '0x1', operstate: 'up' }))
    writeFileSync(join(folder, 'can9', file), text);
  const channel = {
    start: () => asked.push('start'),
    stop: () => asked.push('stop'),
    addListener: (event: string, listener: () => void) => listeners.set(event, listener),
    setRxFilters: (filters: unknown) => asked.push(`hears ${JSON.stringify(filters)}`),
    setErrorFilters: (mask: number) => asked.push(`errors ${mask.toString(16)}`),
  };
  const played = new Module(place);
  played.exports = { createRawChannelWithOptions: () => channel };
  played.loaded = true;
  require.cache[place] = played;
});
afterAll(() => {
  if (real) require.cache[place] = real;
  else delete require.cache[place];
  rmSync(folder, { recursive: true });
});

test('a bus that nobody listens to any more fills no memory until the library gives its socket back', () => {
  const heard: number[] = [];
  const { close } = overhear(
    name,
    ({ id }) => heard.push(id),
    () => {},
  );
  listeners.get('onMessage')?.({ id: 7, data: Buffer.of(1) });
  expect(asked).toEqual(['errors 1fffffff', 'start']);
  close();
  listeners.get('onMessage')?.({ id: 8, data: Buffer.of(1) });
  expect(heard).toEqual([7]);
  expect(asked.slice(2)).toEqual(['hears [{"id":0,"mask":0,"invert":true}]', 'errors 0', 'stop']);
});
