import { afterEach, describe, expect, test, vi } from 'vitest';
import { askSteps } from '../../src/page/inspector/steps.ts';

/** An answer that comes in these pieces. */
function answering(status: number, ...pieces: readonly string[]): void {
  const body = new ReadableStream({
    start(stream) {
      for (const piece of pieces) stream.enqueue(new TextEncoder().encode(piece));
      stream.close();
    },
  });
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
}

async function outcome() {
  const steps: string[] = [];
  const left = new AbortController().signal;
  const refused = await askSteps('/batteries/a/command', {}, { onStep: (step) => steps.push(step), left });
  return { steps, refused };
}

afterEach(() => vi.unstubAllGlobals());

describe('a wish for a battery', () => {
  test('tells each step, also when a line comes in two pieces', async () => {
    answering(200, '{"step":"a: waiting"}\n{"st', 'ep":"a: off"}\n', '{"done":true}\n');
    expect(await outcome()).toEqual({ steps: ['a: waiting', 'a: off'], refused: undefined });
  });

  test('that fails half way says why', async () => {
    answering(200, '{"step":"a: waiting"}\n{"why":"a: still 3 A"}\n');
    expect(await outcome()).toEqual({ steps: ['a: waiting'], refused: { why: 'a: still 3 A' } });
  });

  test('whose answer is cut off is never taken for done', async () => {
    answering(200, '{"step":"a: waiting"}\n');
    expect((await outcome()).refused?.why).toMatch(/cut off/);
    answering(200, '{"step":"a: waiting"}\n{"don');
    expect((await outcome()).refused?.why).toMatch(/cut off/);
    answering(200, '{"step":"a: waiting"}\n{"done":true}');
    expect((await outcome()).refused).toBeUndefined();
  });

  test('that is refused at once says why', async () => {
    answering(409, '{"why":"control: is off"}');
    expect((await outcome()).refused).toEqual({ why: 'control: is off', status: 409 });
    answering(502, '<html>');
    expect((await outcome()).refused).toEqual({ why: '502', status: 502 });
  });

  test('that cannot be asked is not done', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('away');
    });
    expect((await outcome()).refused?.why).toMatch(/does not answer/);
  });
});
