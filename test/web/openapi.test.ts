import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { Route } from '../../src/web/route.ts';
import { goodQuestions } from './good-questions.ts';
import { listen } from './sse.ts';
import { webHouse } from './web-house.ts';

const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
const fits = (schema: object, value: unknown) => {
  ajv.validate(schema, value);
  return ajv.errors;
};
const good = ({ method, path }: Route) => {
  const question = goodQuestions[`${method} ${path}`];
  if (!question) throw new Error(`there is no good question for ${method} ${path}`);
  const { query } = question;
  return { ...question, url: query === undefined ? question.path : `${question.path}?${query}` };
};

describe('the description of the API', () => {
  test('is good OpenAPI 3.1, and names every route with who may ask', async () => {
    const { call, people, server } = await webHouse();
    const { viewer } = await people();
    const { json } = await call('/openapi.json', { cookie: viewer });
    // The validator below holds its shape.
    const document = json as {
      openapi: string;
      paths: Record<string, Record<string, { security: unknown[] }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { security }]) => `${method.toUpperCase()} ${path} ${security.length > 0}`,
      ),
    );
    const served = server.routes.map(
      ({ method, path, role }) => `${method} /api/v1${path.replace(/:(\w+)/g, '{$1}')} ${role !== 'anyone'}`,
    );
    expect(described.sort()).toEqual(served.sort());
  });

  test('is not for who may not look', async () => {
    const { call } = await webHouse();
    expect((await call('/openapi.json')).status).toBe(401);
  });
});

const isEnd = ({ path }: Route): boolean => path === '/login' || path.endsWith('remove');

test('every route answers as it is described', async () => {
  const house = await webHouse({ isOpenView: true });
  const before = await house.call('/session');
  expect(before.json).toEqual({ is_claimed: false, is_setup: false, role: 'viewer' });
  const { installer, viewer } = await house.people();
  await house.call('/tokens', { cookie: installer, body: { name: 'script', role: 'viewer' } });
  house.paper.steps = ['lets the link go'];
  // Whoever is removed is removed last, and a new login ends the one that it comes with.
  const routes = [...house.server.routes].sort((a, b) => Number(isEnd(a)) - Number(isEnd(b)));
  for (const route of routes) {
    const { url, body } = good(route);
    if (route.path === '/claim' || route.path === '/logout') continue;
    const cookie = ['/password', '/login'].includes(route.path) ? viewer : installer;
    if (route.kind === 'stream') {
      expect([url, (await listen(house.port, url, cookie)).status]).toEqual([url, 200]);
      continue;
    }
    const { status, json, text, headers } = await house.call(url, { cookie, ...(body && { body }) });
    expect([url, status, text]).toEqual([url, 200, text]);
    if (route.kind === undefined) expect([url, fits(route.answer ?? {}, json)]).toEqual([url, null]);
    if (route.kind === undefined) expect(route.answer).toBeDefined();
    if (route.kind === 'steps') {
      expect(headers.get('content-type')).toBe('application/x-ndjson');
      expect(text).toBe('{"step":"lets the link go"}\n{"done":true}\n');
    }
    if (route.kind === 'text') expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  }
});

test('what the streams tell is as it is described', async () => {
  const house = await webHouse();
  const { operator } = await house.people();
  for (const route of house.server.routes) {
    if (route.kind !== 'stream') continue;
    const heard = await listen(house.port, route.path, operator);
    for (const hear of house.paper.talkers) hear({ now_ms: 1, wall_ms: 1, items: [], skipped: 0, buses: [] });
    for (const hear of house.paper.loggers) hear({ wall_ms: 1, level: 'warn', text: 'x' });
    await expect.poll(() => heard.events.length, { timeout: 60_000 }).toBeGreaterThan(0);
    for (const { event, data } of heard.events)
      expect([route.path, event, fits(route.events[event] ?? { not: {} }, data)]).toEqual([
        route.path,
        event,
        null,
      ]);
  }
});

describe('what is asked of a gateway that refuses', () => {
  test('is 409 with the sentence, before the first step; after it the last line says why', async () => {
    const house = await webHouse();
    const { installer } = await house.people();
    house.paper.refusal = { why: 'battery `a` is not there' };
    const ask = () => house.call('/batteries/a/rest', { cookie: installer, body: { what: 'link' } });
    const plain = await ask();
    expect([plain.status, plain.json]).toEqual([409, { why: 'battery `a` is not there' }]);
    house.paper.steps = ['asks', 'waits'];
    const later = await ask();
    expect([later.status, later.text]).toEqual([
      200,
      '{"step":"asks"}\n{"step":"waits"}\n{"why":"battery `a` is not there"}\n',
    ]);
    expect(house.paper.asked).toEqual(
      Array(2).fill({ battery: 'a', wish: { kind: 'rest', what: 'link' }, by: 'ada' }),
    );
    const seen = await house.call('/events/e1/acknowledge', { cookie: installer, body: {} });
    expect([seen.status, seen.json]).toEqual([409, { why: 'battery `a` is not there' }]);
  });

  test('is 400 for a span that ends before it begins', async () => {
    const house = await webHouse();
    const cookie = await house.claimed();
    for (const path of ['/history', '/history.csv'])
      expect((await house.call(`${path}?from_ms=5&to_ms=5&columns=x`, { cookie })).status).toBe(400);
  });
});

test('a table for a spreadsheet runs nothing, and leaves out what is unknown', async () => {
  const house = await webHouse();
  const cookie = await house.claimed();
  const history = await house.call('/history.csv?from_ms=0&to_ms=9&columns=voltage_V,soc_pct', { cookie });
  expect(history.text).toBe('time,covered_s,voltage_V,soc_pct\r\n1970-01-01T00:00:00.000Z,60,-1.5,\r\n');
  expect(history.headers.get('content-disposition')).toBe('attachment; filename="bmsgate-history.csv"');
  const events = await house.call('/events.csv', { cookie });
  expect(events.text.split('\r\n')[1]).toBe(
    `e1,battery_lost,alarm,a,,"'=HYPERLINK(""http://evil"")",2023-11-14T22:13:20.000Z,,,,,`,
  );
});
