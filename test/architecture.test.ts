import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

// Each room and the rooms below it that it may enter. Never up, never sideways, no circles.
const words = ['model', 'bytes'];
const knowledge = [...words, 'bms', 'bank', 'profile', 'events'];
const heads = [
  'main.ts',
  'firststart.ts',
  'firststart',
  'commands',
  'gateway.ts',
  'kept-office.ts',
  'office.ts',
  'office',
  'ear.ts',
  'scout.ts',
  'wires',
  'read-aside.ts',
  'reader.ts',
  'forked.ts',
  'child.ts',
  'log.ts',
  'standard-output.ts',
  'systemd.ts',
  'timers.ts',
  'config',
];
const hands = ['ble', 'modbus', 'can', 'web', 'history', 'alerts', 'blackbox', 'mqtt'];
const house: Record<string, readonly string[]> = {
  model: [],
  bytes: [],
  bms: words,
  bank: words,
  profile: words,
  events: words,
  // What runs in the browser: it knows what we know, and speaks to us through the API alone.
  page: knowledge,
  ...Object.fromEntries(hands.map((hand) => [hand, knowledge])),
  ...Object.fromEntries(heads.map((head, i) => [head, [...heads.slice(i + 1), ...hands, ...knowledge]])),
};

// Each outside library has one door (design, section 3).
const doors: Record<string, readonly string[]> = {
  '@stoprocent/noble': ['ble'],
  '@abandonware/noble': ['ble'],
  // Two rooms in two processes: the wires' own line, and a battery's in the ear. Hands never share.
  serialport: ['modbus', 'ble/wired-line.ts'],
  // Messages of ESPHome's API: their bytes, and their encryption.
  '@bufbuild/protobuf': ['ble/esphome-fields.ts'],
  'esphome-client': ['ble/esphome-wire.ts'],
  'dbus-next': ['ble/bluez-bus.ts'],
  'modbus-serial': ['modbus'],
  socketcan: ['can'],
  yaml: ['profile/document.ts', 'profile/rewritten.ts'],
  zod: ['profile/document.ts'],
  pino: ['log.ts'],
  'prom-client': ['web/metrics-page.ts'],
  mqtt: ['mqtt/client.ts'],
  fastify: ['web'],
  '@fastify/static': ['web/page-files.ts'],
  ajv: ['web/validation.ts'],
  selfsigned: ['web/own-certificate.ts'],
  preact: ['page'],
  '@preact/signals': ['page'],
  uplot: ['page'],
  vite: ['page/vite.config.ts'],
  commander: ['main.ts', 'commands'],
  'node:sqlite': ['history/sqlite.ts'],
};

// Knowledge is pure: none of these may stand in it.
const hardware =
  /node:(fs|net|dgram|child_process|os|timers|http|process)|setTimeout|setInterval|Date\.now|new Date\(|console\./;

const src = join(import.meta.dirname, '..', 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f));
const roomOf = (file: string) => file.split('/')[0] ?? file;

const imports = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:(?<!['"])from|import\(|import)\s*['"]([^'"\n]+)['"]/g)].map(
    ([, spec = '']) => ({
      file,
      spec,
      target: spec.startsWith('.') ? relative(src, resolve(src, dirname(file), spec)) : undefined,
    }),
  );
});

describe('the house', () => {
  test('every file stands in a room that the plan knows', () => {
    expect(files.map(roomOf).filter((room) => !(room in house))).toEqual([]);
  });

  test('imports only point downstairs', () => {
    const wrong = imports.filter(({ file, target }) => {
      if (target === undefined) return false;
      const [from, to] = [roomOf(file), roomOf(target)];
      return from !== to && !house[from]?.includes(to);
    });
    expect(wrong.map(({ file, spec }) => `${file} imports ${spec}`)).toEqual([]);
  });

  test('no file imports itself by a detour', () => {
    const next = new Map(
      files.map((f) => [f, imports.filter((i) => i.file === f).map((i) => i.target ?? '')]),
    );
    const reaches = (from: string, goal: string, seen = new Set<string>()): boolean =>
      (next.get(from) ?? []).some((to) => to === goal || (!seen.has(to) && reaches(to, goal, seen.add(to))));
    expect(files.filter((f) => reaches(f, f))).toEqual([]);
  });

  test('each outside library has one door', () => {
    const wrong = imports.filter(
      ({ file, spec, target }) =>
        target === undefined &&
        (spec in doors || !spec.startsWith('node:')) &&
        !(
          doors[
            spec
              .split('/')
              .slice(0, spec.startsWith('@') ? 2 : 1)
              .join('/')
          ] ?? []
        ).some((door) => file === door || file.startsWith(`${door}/`)),
    );
    expect(wrong.map(({ file, spec }) => `${file} imports ${spec}`)).toEqual([]);
  });

  test('nothing loads the `fetch` that an import of `node:http` brings along', () => {
    const heavy = /^import (?!type\b)[^;]*from 'node:http'|import\('node:http'\)/m;
    expect(files.filter((f) => heavy.test(readFileSync(join(src, f), 'utf8')))).toEqual([]);
  });

  test('knowledge and words are pure: no socket, timer, clock, file or log', () => {
    const impure = files.filter(
      (f) => knowledge.includes(roomOf(f)) && hardware.test(readFileSync(join(src, f), 'utf8')),
    );
    expect(impure).toEqual([]);
  });
});
