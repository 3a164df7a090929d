// The bytes between us and the broker, over TCP or TLS.
import { connect, isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { sentence } from '../model/errors.ts';
import { Cutter, type LinkCut } from './cutter.ts';
import type { BrokerPlace, Trouble } from './trouble.ts';

export const PATIENCE_MS = 10_000;
/** A device with 32 cells is announced in 30 kB. */
const LONGEST_PACKET = 256 * 1024;

export const troubleOf = (error: Error): Trouble => ({
  kind: 'system',
  code: 'code' in error ? String(error.code) : '',
  message: error.message,
});

/** Verification is not a setting: an environment variable that switches it off does not count here either. */
const open = ({ host, port, isTls }: BrokerPlace, ca: string | undefined): Socket =>
  isTls
    ? connectTls({
        host,
        port,
        rejectUnauthorized: true,
        ...(ca !== undefined && { ca }),
        ...(isIP(host) === 0 && { servername: host }),
      })
    : connect({ host, port });

/**
 * Opens the way to the broker; with TLS nothing is written before the certificate has passed. Later, exactly one of the two is
 * called, unless the result was called before.
 */
export function openSocket(
  place: BrokerPlace,
  ca: string | undefined,
  opened: (socket: Socket) => void,
  failed: (trouble: Trouble) => void,
): () => void {
  let socket: Socket;
  try {
    socket = open(place, ca);
  } catch (error) {
    const message = sentence(error);
    const soon = setImmediate(() => failed({ kind: 'system', code: '', message }));
    return () => clearImmediate(soon);
  }
  const settle = () => {
    clearTimeout(late);
    socket
      .off('error', onError)
      .off('close', onClose)
      .on('error', () => {});
  };
  const fail = (trouble: Trouble) => {
    settle();
    socket.destroy();
    failed(trouble);
  };
  const onError = (error: Error) => fail(troubleOf(error));
  const onClose = () => fail({ kind: 'closed early' });
  const late = setTimeout(() => fail({ kind: 'no answer' }), PATIENCE_MS);
  socket.on('error', onError).on('close', onClose);
  socket.once(place.isTls ? 'secureConnect' : 'connect', () => {
    settle();
    opened(socket.setNoDelay(true));
  });
  return () => {
    settle();
    socket.destroy();
  };
}

/** The socket without packets that are too long. */
export function guarded(socket: Socket, cut: LinkCut): Duplex {
  const cutter = new Cutter(LONGEST_PACKET, cut);
  const stream: Duplex = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, encoding, done) => void socket.write(chunk, encoding, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket
    .on('data', (bytes) => {
      const passed = cutter.take(bytes);
      if (passed.length && !stream.push(passed)) socket.pause();
    })
    .on('end', () => stream.push(null))
    .on('error', (error) => stream.destroy(error))
    .on('close', () => stream.destroy());
  return stream;
}
