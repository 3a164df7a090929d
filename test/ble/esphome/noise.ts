// The proxy's side of Noise_NNpsk0_25519_ChaChaPoly_SHA256, written from the Noise specification on node:crypto alone, so
// that the client's package is measured by something else than itself.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto';

const sha256 = (...parts: readonly Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** Pieces of 32 bytes. */
const derive = (chaining: Buffer, input: Uint8Array, pieces: number): Buffer[] => {
  const all = Buffer.from(hkdfSync('sha256', input, chaining, '', 32 * pieces));
  return Array.from({ length: pieces }, (_, i) => all.subarray(32 * i, 32 * (i + 1)));
};

export interface Cipher {
  seal(plain: Uint8Array, ad?: Uint8Array): Buffer;
  /** Throws when the bytes were not made with this key. */
  unseal(sealed: Uint8Array, ad?: Uint8Array): Buffer;
}

const TAG = { authTagLength: 16 } as const;

export function cipher(key: Buffer): Cipher {
  let count = 0n;
  const nonce = () => {
    const bytes = Buffer.alloc(12);
    bytes.writeBigUInt64LE(count++, 4);
    return bytes;
  };
  return {
    seal(plain, ad = Buffer.alloc(0)) {
      const c = createCipheriv('chacha20-poly1305', key, nonce(), TAG);
      c.setAAD(ad, { plaintextLength: plain.length });
      return Buffer.concat([c.update(plain), c.final(), c.getAuthTag()]);
    },
    unseal(sealed, ad = Buffer.alloc(0)) {
      const c = createDecipheriv('chacha20-poly1305', key, nonce(), TAG);
      c.setAAD(ad, { plaintextLength: sealed.length - 16 });
      c.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([c.update(sealed.subarray(0, -16)), c.final()]);
    },
  };
}

/** RFC 8410: what stands before the 32 bytes of an X25519 public key. */
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');

/** What the client's handshake is answered with, and the two ciphers. Throws when the client has another key. */
export function respond(psk: Buffer, prologue: Buffer, message: Uint8Array) {
  let hash: Buffer = sha256(Buffer.from('Noise_NNpsk0_25519_ChaChaPoly_SHA256'));
  let chaining: Buffer = hash;
  let key: Buffer = Buffer.alloc(32);
  const mixHash = (bytes: Uint8Array) => {
    hash = sha256(hash, bytes);
  };
  const mixKey = (input: Uint8Array) => {
    [chaining = hash, key = hash] = derive(chaining, input, 2);
  };
  const mixEphemeral = (ephemeral: Uint8Array) => {
    mixHash(ephemeral);
    mixKey(ephemeral);
  };

  mixHash(prologue);
  const [next = hash, mixed = hash] = derive(chaining, psk, 3);
  chaining = next;
  mixHash(mixed);
  const theirs = message.subarray(0, 32);
  mixEphemeral(theirs);
  const rest = message.subarray(32);
  cipher(key).unseal(rest, hash);
  mixHash(rest);

  const own = generateKeyPairSync('x25519');
  const ours = own.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  mixEphemeral(ours);
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI, theirs]), type: 'spki', format: 'der' });
  mixKey(diffieHellman({ privateKey: own.privateKey, publicKey }));
  const proof = cipher(key).seal(Buffer.alloc(0), hash);
  const [fromClient = hash, toClient = hash] = derive(chaining, Buffer.alloc(0), 2);
  return { answer: Buffer.concat([ours, proof]), receive: cipher(fromClient), send: cipher(toClient) };
}
