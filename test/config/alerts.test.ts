import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alertTargets } from '../../src/config/alert-targets.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { secretProblems } from '../../src/config/secrets.ts';
import { sentence } from '../../src/model/errors.ts';

const file = (alerts: string) => `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: house, profile: pylontech-lv, can: can0 }
alerts:
${alerts}`;
const read = (alerts: string) => parseGateway('g.yaml', file(alerts));
const told = (alerts: string): string => {
  try {
    return JSON.stringify(alertTargets(read(alerts).file));
  } catch (error) {
    return sentence(error);
  }
};

describe('alerts of a gateway file', () => {
  test('are of warnings and worse, of their begins and their ends', () => {
    expect(alertTargets(read('  - { id: phone, ntfy: "https://ntfy.sh/barn-7", site: barn }').file)).toEqual([
      {
        id: 'phone',
        form: 'ntfy',
        url: 'https://ntfy.sh/barn-7',
        site: 'barn',
        fromSeverity: 'warning',
        when: ['begin', 'end'],
      },
    ]);
  });

  test('that name kinds want all of these, however mild', () => {
    const [target] = alertTargets(
      read('  - { id: x, webhook: "https://h.example/a", kinds: [gateway_started, protection] }').file,
    );
    expect(target).toMatchObject({ fromSeverity: 'info', kinds: ['gateway_started', 'protection'] });
  });

  test.each([
    'webhook: "http://192.168.1.5:8123/api/webhook/x"',
    'webhook: "http://homeassistant.local:8123/api/webhook/x"',
    'ntfy: "http://localhost:2586/barn"',
    'webhook: "https://hooks.example.org/a?b=c"',
  ])('may go to %s', (server) => {
    expect(read(`  - { id: x, ${server} }`).file.alerts).toHaveLength(1);
  });

  test.each<[string, string]>([
    [
      'webhook: "http://hooks.example.org/secret"',
      'g.yaml:9:23: over the internet only `https://`; `http://` is for addresses of your own net',
    ],
    ['webhook: hooks.example.org', 'g.yaml:9:23: write the whole address, beginning with `https://`'],
    ['webhook: "ftp://a.lan/x"', 'g.yaml:9:23: write the whole address, beginning with `https://`'],
    [
      'webhook: "https://me:secret@h.example/a"',
      'g.yaml:9:23: no name and password in an address; write the token into a file and name that in `token_file`',
    ],
    [
      'ntfy: "https://ntfy.sh"',
      'g.yaml:9:20: write server and topic, as in `https://ntfy.sh/my-topic`; a topic is letters, digits, `-` and `_`',
    ],
    [
      'ntfy: "https://ntfy.sh/a/b"',
      'g.yaml:9:20: write server and topic, as in `https://ntfy.sh/my-topic`; a topic is letters, digits, `-` and `_`',
    ],
    ['site: barn', 'g.yaml:9:5: alert `x` has no server; give it one of `webhook`, `ntfy`'],
    [
      'webhook: "https://a.example/", ntfy: "https://ntfy.sh/b"',
      'g.yaml:9:5: alert `x` has two servers; give it one of `webhook`, `ntfy`',
    ],
    [
      'ntfy: "https://ntfy.sh/b", token: tk_1',
      'g.yaml:9:41: unknown key `token`; did you mean `token_file`?',
    ],
    [
      'ntfy: "https://ntfy.sh/b", from_severity: alram',
      'g.yaml:9:56: `from_severity` is the text `alram`; write one of `info`, `warning`, `alarm`; did you mean `alarm`?',
    ],
    ['ntfy: "https://ntfy.sh/b", kinds: [protektion]', 'did you mean `protection`?'],
    ['ntfy: "https://ntfy.sh/b", when: []', 'g.yaml:9:47: `when` is a list; give it at least 1 entries'],
  ])('%s is a mistake at its place', (entry, problem) => {
    expect(told(`  - { id: x, ${entry} }`)).toContain(problem);
  });

  test('are taken as docs/alerts.md shows them', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');
    const [, shown = ''] = /```yaml\nalerts:\n([\s\S]*?)```/.exec(page) ?? [];
    expect(alertTargets(read(shown).file).map(({ id, site }) => [id, site])).toEqual([
      ['phone', hostname()],
      ['home', 'barn'],
    ]);
  });

  test('have a name of their own each', () => {
    const one = '  - { id: x, ntfy: "https://ntfy.sh/b" }\n';
    expect(told(one + one)).toBe('g.yaml:10:11: alert `x` is listed twice; give each alert its own id');
  });

  test('whose token cannot be read are found by `check`', () => {
    const config = read('  - { id: x, ntfy: "https://ntfy.sh/b", token_file: /nowhere/token }');
    expect(secretProblems(config).map(({ line, column }) => [line, column])).toEqual([[9, 53]]);
  });
});
