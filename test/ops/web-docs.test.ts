import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import type { Route } from '../../src/web/route.ts';
import { webHouse } from '../web/web-house.ts';

const file = new URL('../../docs/web.md', import.meta.url);
const page = () => readFileSync(file, 'utf8');
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const TABLE = /(?<=<!-- the routes -->\n)[\s\S]*?(?=<!-- end of the routes -->)/;

const row = (...cells: string[]): string => `| ${cells.join(' | ')} |\n`;
const routesTable = (routes: readonly Route[]): string =>
  [
    row('ask', 'role', 'what it does'),
    row('---', '---', '---'),
    ...routes.map(({ method, path, role, summary }) => row(`\`${method} ${path}\``, role, summary)),
  ].join('');

describe('the page about the page', () => {
  test('lists what can be asked as it is served (UPDATE=1 writes the table anew)', async () => {
    const { server } = await webHouse();
    const made = routesTable(server.routes);
    if (process.env.UPDATE)
      writeFileSync(
        file,
        page().replace(TABLE, () => made),
      );
    expect(TABLE.exec(page())?.[0]).toBe(made);
  });

  test('shows settings that the gateway takes', () => {
    const [, gateway = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const rest = gateway.replace(/^web:.*\n/m, '');
    const shown = [...page().matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    const inline = [...page().matchAll(/`(web: \{.*?\})`/g)].map(([, text = '']) => text);
    expect(shown.length + inline.length).toBeGreaterThan(6);
    for (const text of [...shown, ...inline])
      expect(parseGateway('docs', `${rest}${text}\n`).file.web).toBeDefined();
    expect(parseGateway('docs', `${rest}${shown[0]}`).file.web).toEqual(
      parseGateway('docs', `${rest}web: {}\n`).file.web,
    );
  });

  test('shows questions that are answered', async () => {
    const { call, people, paper } = await webHouse();
    const { installer } = await people();
    paper.steps = ['lets the link go'];
    const { secret } = (
      await call('/tokens', { cookie: installer, body: { name: 'docs', role: 'installer' } })
    ).json as {
      secret: string;
    };
    const [, script = ''] = /```sh\nTOKEN=.*\n([\s\S]*?)```/.exec(page()) ?? [];
    const questions = script.replaceAll('\\\n', '').trim().split('\n');
    expect(questions).toHaveLength(5);
    for (const question of questions.filter((line) => !line.includes('/live'))) {
      const path = /127\.0\.0\.1:3001(\/[^'\s]*)/.exec(question)?.[1] ?? '';
      const body = /-d '(.*?)'/.exec(question)?.[1];
      const headers = { authorization: `Bearer ${secret}` };
      expect([path, (await call(path, { headers, ...(body !== undefined && { body }) })).status]).toEqual([
        path,
        200,
      ]);
    }
  });
});
