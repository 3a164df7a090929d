// HTTPS: with the user's certificate, read again when it changes, or one that the gateway made itself.
import { X509Certificate } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createServer, type Server as SecureServer, type ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { sentence } from '../model/errors.ts';
import { type CertificateFiles, readFiles, seenOf } from './certificate-files.ts';
import type { WebGround } from './ground.ts';
import type { Names } from './guards.ts';
import { httpLimits, limited, oneAtATime } from './http-server.ts';

/** `own`: the folder in which the certificate and its key are kept. */
export type TlsOrders = CertificateFiles | { readonly own: string };

export type TlsGround = Pick<WebGround, 'wallClock' | 'after' | 'say'> & {
  readonly names: Names;
  /** Tests have less time. */
  readonly limits?: ServerOptions;
};

/** How often the files are looked at: a renewed certificate counts without a restart. */
const LOOK_MS = 60_000;

/** `AB:CD:…` of SHA-256, as browsers show it. */
export const fingerprintOf = (certificate: string): string => new X509Certificate(certificate).fingerprint256;

/** Throws with one sentence. Key and certificate must belong together and the certificate must count now. */
function checked({ cert, key }: { readonly cert: string; readonly key: string }, nowMs: number) {
  createSecureContext({ cert, key });
  const { validTo } = new X509Certificate(cert);
  if (Date.parse(validTo) < nowMs) throw new Error(`the certificate counted until ${validTo} only`);
  return { cert, key };
}

async function filesOf(orders: TlsOrders, ground: TlsGround): Promise<CertificateFiles> {
  if (!('own' in orders)) return orders;
  // What makes certificates is large, and needed once in two years.
  const { ownCertificate } = await import('./own-certificate.ts');
  return ownCertificate(orders.own, ground);
}

/** Without a good certificate no handshake comes about: there is no falling back to plain HTTP. */
export async function secureServer(answer: RequestListener, orders: TlsOrders, ground: TlsGround) {
  const { after, say, wallClock, limits = httpLimits } = ground;
  const server: SecureServer = limited(createServer(limits, oneAtATime(answer)));
  // No line can be said in plain text to who did not get through the handshake: it would wait for ever.
  server.prependListener('tlsClientError', (_, socket) => void socket.destroy());
  let seen: string | undefined;
  let told: string | undefined;
  let cancel = () => {};

  async function look(): Promise<void> {
    try {
      const files = await filesOf(orders, ground);
      const now = await seenOf(files);
      if (now !== seen) {
        const pair = checked(await readFiles(files), wallClock());
        server.setSecureContext(pair);
        say({
          level: 'notice',
          text: `HTTPS with the certificate of fingerprint ${fingerprintOf(pair.cert)} (SHA-256)`,
        });
        seen = now;
      }
      told = undefined;
    } catch (error) {
      const text = `web.tls: ${sentence(error)}; ${seen === undefined ? 'the page cannot be served over HTTPS until that is mended' : 'the last good certificate stays in force'}`;
      if (text !== told) say({ level: 'error', text });
      told = text;
    }
    cancel = after(LOOK_MS, () => void look());
  }
  await look();
  return { server, end: () => cancel() };
}
