import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventKindNames, eventKinds } from '../../src/model/events.ts';

const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
const [table = ''] = /(?<=<!-- the events -->\n)[\s\S]*?(?=\n<!-- end of the events -->)/.exec(page) ?? [];
const rows = table
  .split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('the page about events', () => {
  test('lists every kind that can happen and no other, with whom it is of, how severe it is and whether it lasts', () => {
    expect(
      rows.map(([kind, scope, severity, , ends]) => [kind, scope, severity, ends !== 'a moment']),
    ).toEqual(
      eventKindNames.map((kind) => {
        const { scope, severity, lasts } = eventKinds[kind];
        return [`\`${kind}\``, scope, severity, lasts];
      }),
    );
  });

  test('says of each when it begins, when it ends and what to do', () => {
    expect(rows.filter((cells) => cells.length !== 6 || cells.some((cell) => cell === ''))).toEqual([]);
  });
});
