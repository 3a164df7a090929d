import { describe, expect, test } from 'vitest';
import type { BankEvent } from '../../src/model/events.ts';
import { eventPost } from '../../src/wires/event-post.ts';

const event = (id: string, endedAtMs?: number): BankEvent => ({
  id,
  kind: 'battery_lost',
  subject: 'a',
  text: 'battery a is lost',
  beganAtMs: 0,
  ...(endedAtMs !== undefined && { endedAtMs }),
});

/** An office whose channel can be full; `taken` is what it took. */
function officeAndPost() {
  const taken: string[] = [];
  const office = { takes: true, nowMs: 0 };
  const open: BankEvent[] = [];
  const post = eventPost(
    () => office.nowMs,
    () => open,
    ({ id, endedAtMs }) => {
      if (office.takes) taken.push(`${id}${endedAtMs === undefined ? '' : ' over'}`);
      return office.takes;
    },
  );
  return { office, post, open, taken };
}

describe('the post to the office', () => {
  test('what the office does not take now it is told a second later, each event as it is by then', () => {
    const { office, post, taken } = officeAndPost();
    office.takes = false;
    post.tell(event('1'));
    post.tell(event('2'));
    post.tell(event('1', 500));
    post.look();
    expect(taken).toEqual([]);
    office.takes = true;
    post.look();
    post.look();
    expect(taken).toEqual(['2', '1 over']);
  });

  test('a new office learns what lasts, and what the one before it may have taken with it', () => {
    const { office, post, open } = officeAndPost();
    open.push(event('1'));
    post.tell(event('1'));
    office.nowMs = 70_000;
    post.tell(event('2', 70_000));
    const { open: lasts, recent } = post.atBegin();
    expect([lasts, recent].map((events) => events.map(({ id }) => id))).toEqual([['1'], ['2']]);
  });

  test('what was told to it with its orders is not told again', () => {
    const { office, post, taken } = officeAndPost();
    office.takes = false;
    post.tell(event('1'));
    expect(post.atBegin().recent).toHaveLength(1);
    office.takes = true;
    post.look();
    expect(taken).toEqual([]);
  });

  test('an office that never takes anything costs a bounded memory', () => {
    const { office, post } = officeAndPost();
    office.takes = false;
    for (let i = 0; i < 5000; i++) post.tell(event(String(i)));
    const { recent } = post.atBegin();
    expect([recent.length, recent.at(-1)?.id]).toEqual([1000, '4999']);
  });
});
