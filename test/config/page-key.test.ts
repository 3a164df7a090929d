// The key of the page's certificate is a secret like the others.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { secretProblems } from '../../src/config/secrets.ts';

const file = (key: string) => `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16, capacity_Ah: 100 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: house, profile: pylontech-lv, can: can0 }
web: { tls: { certificate_file: /etc/bmsgate/page.crt, key_file: ${key} } }
`;

test('the key of the page lies in a file that not everybody may read, or `check` says so at its place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-page-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const key = join(folder, 'page.key');
  writeFileSync(key, 'a key');
  chmodSync(key, 0o644);
  const problems = () => secretProblems(parseGateway('g.yaml', file(key)));
  expect(problems().map(({ line, message }) => [line, message])).toEqual([
    [8, `${key} can be read by everybody; run \`chmod o-rwx ${key}\``],
  ]);
  chmodSync(key, 0o640);
  expect(problems()).toEqual([]);
});
