import { expect, test } from 'vitest';
import { idOf, nameOf, typedProxy } from '../../src/page/setup/proxy-address.ts';

test.each([
  ['192.168.1.40', { host: '192.168.1.40', port: 6053 }],
  ['shed.lan:6054', { host: 'shed.lan', port: 6054 }],
  ['fd00::7', { host: 'fd00::7', port: 6053 }],
  ['[fd00::7]:6054', { host: 'fd00::7', port: 6054 }],
])('the address of a proxy is taken as people type it: %s', (text, place) => {
  expect(typedProxy(text)).toEqual(place);
  expect(nameOf(place)).toBe(text);
  expect(idOf(place, [])).toMatch(/^proxy-[A-Za-z0-9-]+$/);
});

test.each(['shed.lan:0', 'shed.lan:70000', 'http://shed.lan', 'the shed', ''])('%j is none', (text) => {
  expect(typedProxy(text)).toBeUndefined();
});

test('two proxies are never called the same, however long or alike their addresses are', () => {
  const long = 'esphome-bluetooth-proxy-in-the-cellar';
  const ids: string[] = [];
  for (const host of ['a.b', 'a-b', `${long}-1`, `${long}-2`]) ids.push(idOf({ host, port: 6053 }, ids));
  expect(ids.slice(0, 2)).toEqual(['proxy-a-b', 'proxy-a-b-2']);
  expect(new Set(ids).size).toBe(4);
  expect(ids.every((id) => id.length <= 40)).toBe(true);
});
