// Streams that the gateway makes only while somebody listens: what goes over the wires, and the log.
import { eventText, type Reader } from './reader.ts';

/** So much may wait for a reader: the lines of the log that it is given as it joins come all at once. */
const QUEUED_BYTES = 256 * 1024;

type Watch<Message> = (hear: (message: Message) => void) => () => void;

/** What a slow reader does not take it does not get; each message is written down once for all. */
export function watchStream<Message extends object>(event: string, watch: Watch<Message>) {
  const written = new WeakMap<Message, Buffer>();
  function bytesOf(message: Message): Buffer {
    const known = written.get(message);
    if (known) return known;
    const bytes = Buffer.from(eventText(event, JSON.stringify(message)));
    written.set(message, bytes);
    return bytes;
  }
  return (reader: Reader): (() => void) =>
    watch((message) => void reader.tell(bytesOf(message), QUEUED_BYTES));
}
