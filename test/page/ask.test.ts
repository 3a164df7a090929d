import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask, isRefused, sessionEnded } from '../../src/page/ask.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const answering = (status: number, body: string) =>
  vi.stubGlobal('fetch', async () => new Response(body, { status, statusText: 'Said' }));

describe('what the page asks', () => {
  test('is answered with what the route gives', async () => {
    answering(200, '{"at_ms":[1,2]}');
    expect(await ask('/history')).toEqual({ at_ms: [1, 2] });
  });

  test.each(['{"at_ms":[1,', ''])(
    'was not answered where the gateway ended amid its answer: %j',
    async (body) => {
      answering(200, body);
      const answer = await ask('/history');
      expect(isRefused(answer) && answer).toEqual({ why: expect.any(String) });
    },
  );

  test('is refused with the sentence of the gateway, or with the number that it has', async () => {
    answering(409, '{"why":"somebody else has changed it"}');
    expect(await ask('/accounts')).toEqual({ why: 'somebody else has changed it', status: 409 });
    answering(502, '<html>');
    expect(await ask('/accounts')).toEqual({ why: '502 Said', status: 502 });
  });

  test('shows that a session is over', async () => {
    const before = sessionEnded.value;
    answering(401, '{"why":"log in"}');
    await ask('/accounts');
    expect(sessionEnded.value).toBe(before + 1);
  });
});
