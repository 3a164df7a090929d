// A certificate authority of the house, made anew for each run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly caFile: string;
  /** For this name or address (`DNS:…`, `IP:…`), for this many days from now. */
  readonly issue: (name: string, alt: string, days: number) => Certificate;
  readonly remove: () => void;
}

const openssl = (args: readonly string[], cwd: string) =>
  execFileSync('openssl', args, { cwd, stdio: 'ignore' });
const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout'];

export function authority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-ca-'));
  openssl(
    ['req', '-x509', ...newKey, 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=House'],
    folder,
  );
  return {
    caFile: join(folder, 'ca.crt'),
    issue(name, alt, days) {
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alt}\n`);
      openssl(['req', ...newKey, `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`], folder);
      const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days)];
      openssl(
        ['x509', '-req', '-in', `${name}.csr`, ...signing, '-extfile', `${name}.ext`, '-out', `${name}.crt`],
        folder,
      );
      return { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
