// The certificate of the authority that signed the broker's. It is no secret.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sentence } from '../model/errors.ts';
import type { ReadSecret } from './dial.ts';

/** Its text, or what is wrong with the file in a sentence: TLS would pass over a text that holds none. */
export function readCertificate(path: string): ReturnType<ReadSecret> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return {
      problem: `${path} cannot be read (${sentence(error)}); put the certificate there or correct mqtt.ca_file`,
    };
  }
  try {
    new X509Certificate(text);
    return { text };
  } catch {
    return { problem: `${path} holds no certificate; put the one there that signed the broker's (PEM)` };
  }
}
