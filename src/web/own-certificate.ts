// A certificate of the gateway's own: made once, kept beside the accounts, renewed before it ends.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { CertificateFiles } from './certificate-files.ts';
import type { Names } from './guards.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Phones refuse one that counts for longer than 825 days. */
const COUNTS_MS = 800 * DAY_MS;
const RENEW_MS = 30 * DAY_MS;

export interface OwnGround {
  readonly wallClock: () => number;
  readonly names: Names;
}

const namesIn = ({ hostname, hosts }: Names): string[] => {
  const [label = hostname] = hostname.toLowerCase().split('.');
  return [...new Set(['localhost', label, `${label}.local`, hostname.toLowerCase(), ...hosts])];
};

const addresses = (): string[] => [
  ...new Set(
    Object.values(networkInterfaces())
      .flatMap((all = []) => all)
      // Link-local ones of IPv6 go with a zone, which no certificate can name.
      .filter(({ family, address }) => family === 'IPv4' || !/^fe80/i.test(address))
      .map(({ address }) => address),
  ),
];

/** Nobody else may read it, and a power cut leaves the old or the new. */
async function keepSecret(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}

async function make(names: Names, nowMs: number) {
  const altNames = [
    ...namesIn(names).map((value) => ({ type: 2 as const, value })),
    ...addresses().map((ip) => ({ type: 7 as const, ip })),
  ];
  return generate([{ name: 'commonName', value: `bmsgate ${names.hostname}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // A clock that is an hour behind must not refuse it.
    notBeforeDate: new Date(nowMs - DAY_MS),
    notAfterDate: new Date(nowMs + COUNTS_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
}

/** Undefined where it is damaged, or no pair with its key: a power cut between the two leaves that. */
function pairOf(text: string, key: Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(text);
    return certificate.checkPrivateKey(createPrivateKey(key)) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

/** Addresses come and go, and who trusts this certificate once must not be asked again for each: only names count. */
function isGood(certificate: X509Certificate, { wallClock, names }: OwnGround): boolean {
  const ends = Date.parse(certificate.validTo);
  return (
    ends - wallClock() > RENEW_MS &&
    Date.parse(certificate.validFrom) <= wallClock() + DAY_MS &&
    namesIn(names).every((name) => certificate.checkHost(name) !== undefined)
  );
}

/** Throws with one sentence where it can be neither read nor made. */
export async function ownCertificate(folder: string, ground: OwnGround): Promise<CertificateFiles> {
  const files = { certificateFile: join(folder, 'page.crt'), keyFile: join(folder, 'page.key') };
  const kept = await Promise.all([readFile(files.certificateFile, 'utf8'), readFile(files.keyFile)]).catch(
    () => undefined,
  );
  const certificate = kept && pairOf(...kept);
  if (certificate && isGood(certificate, ground)) return files;
  await mkdir(folder, { recursive: true });
  const { cert, private: key } = await make(ground.names, ground.wallClock());
  await keepSecret(files.keyFile, key);
  await keepSecret(files.certificateFile, cert);
  return files;
}
