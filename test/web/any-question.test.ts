// Whatever is asked: the server has an answer, and only what fits the description reaches the gateway.
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from '../../src/web/route.ts';
import { goodQuestions } from './good-questions.ts';
import { webHouse } from './web-house.ts';

const ajv = new Ajv({ strict: false, allowUnionTypes: true });
const isGood = (schema: Schema, value: unknown): boolean => ajv.validate(schema, value);

/** Bodies near what is asked for: its members with other values, some left out, some more. */
const near = (body: Readonly<Record<string, unknown>>) =>
  fc.record(
    {
      ...Object.fromEntries(
        Object.entries(body).map(([name, value]) => [
          name,
          fc.oneof(fc.constant(value), fc.jsonValue(), fc.string({ maxLength: 300, unit: 'binary' })),
        ]),
      ),
      [`${Object.keys(body)[0] ?? ''}x`]: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );

test('a body reaches a route only where its schema takes it, and none makes the server stumble', async () => {
  const house = await webHouse();
  const { installer } = await house.people();
  const posts = house.server.routes.filter(({ method }) => method === 'POST');
  for (const { path, body: schema = { type: 'object', additionalProperties: false } } of posts) {
    const good = goodQuestions[`POST ${path}`];
    // These would end the login that the others need, or take time on purpose.
    if (!good || ['/login', '/logout', '/claim', '/password'].includes(path)) continue;
    await fc.assert(
      fc.asyncProperty(fc.oneof(near(good.body ?? {}), fc.jsonValue()), async (body) => {
        house.time.jump(1000);
        const text = JSON.stringify(body);
        const { status, json } = await house.call(good.path, { cookie: installer, body: text });
        expect(status).toBeLessThan(500);
        if (!isGood(schema, JSON.parse(text))) expect([text, status]).toEqual([text, 400]);
        if (status >= 400) expect(json).toEqual({ why: expect.stringMatching(/\S{3}/) });
      }),
      { numRuns: 25 },
    );
  }
  expect(house.said.filter((line) => line.startsWith('error'))).toEqual([]);
});

test('no address makes the server stumble, or gives what needs a login', async () => {
  const { port, time } = await webHouse();
  const parts = fc.constantFrom(
    '/',
    '..',
    '%2e',
    '%00',
    '%',
    '?',
    '#',
    'api',
    'v1',
    'site',
    'assets',
    '//',
    '\\',
    ':id',
    'ä',
    ';',
    '__proto__',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(parts, { maxLength: 8 }), async (all) => {
      time.jump(1000);
      const response = await fetch(`http://127.0.0.1:${port}/${all.join('')}`);
      const text = await response.text();
      // 503: the page itself, which was not built.
      expect([400, 401, 404, 503]).toContain(response.status);
      expect(text).not.toMatch(/batteries|node_modules|Error/);
    }),
    { numRuns: 150 },
  );
});

test('no bytes make the server stumble', async () => {
  const { raw, call } = await webHouse();
  const line = fc.constantFrom(
    'GET /api/v1/session HTTP/1.1\r\n',
    'POST /api/v1/login HTTP/1.1\r\n',
    'Host: localhost\r\n',
    'Content-Type: application/json\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: 99999999999\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: websocket\r\nConnection: Upgrade\r\n',
    'Cookie: bmsgate=; bmsgate==;;\r\n',
    '\r\n',
    '{"a":',
    '5\r\nabcde\r\n0\r\n\r\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))), async (all) => {
      const { socket, heard } = await raw(all.join(''));
      socket.end();
      await new Promise((resolve) => socket.once('close', resolve));
      expect(heard()).not.toContain('HTTP/1.1 5');
    }),
    { numRuns: 150 },
  );
  expect((await call('/session')).status).toBe(200);
});
