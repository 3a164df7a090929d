// Takes packets that are too long out of a stream of MQTT bytes: anybody can leave ten megabytes at a topic, and each of them
// would be held in memory before it is looked at. We ask for QoS 0 only, so nobody waits for an acknowledgement of what is cut.

/** What was cut: a message at this topic; without one another packet. */
export interface Cut {
  readonly bytes: number;
  readonly topic?: string;
}

const PUBLISH = 3;
/** Type and flags, and a length of up to four bytes. */
const MOST_HEAD = 5;
const TOPIC_LENGTH = 2;
/** A topic of ours is shorter; of another's nobody reads more. */
const MOST_TOPIC = 1024;

interface Head {
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** The fixed header at the start; undefined while it is not whole. A length that never ends is the parser's to refuse. */
function headOf(bytes: Uint8Array): Head | undefined {
  let bodyBytes = 0;
  for (let i = 1; i < MOST_HEAD; i++) {
    const byte = bytes[i];
    if (byte === undefined) return undefined;
    bodyBytes += (byte & 0x7f) * 128 ** (i - 1);
    if (byte < 0x80) return { headBytes: i + 1, bodyBytes };
  }
  return { headBytes: MOST_HEAD, bodyBytes: 0 };
}

function topicOf(body: Uint8Array): string | undefined {
  const end = TOPIC_LENGTH + (body[0] ?? 0) * 256 + (body[1] ?? 0);
  return body.length < end ? undefined : Buffer.from(body.subarray(TOPIC_LENGTH, end)).toString();
}

export type LinkCut = (cut: Cut) => void;

export class Cutter {
  readonly #mostBytes: number;
  readonly #onCut: LinkCut;
  /** The beginning of a header whose rest has not come. */
  #held: Uint8Array = new Uint8Array();
  /** How much of the packet that goes through is still to come. */
  #passing = 0;
  #skipping = 0;
  #cut = { bytes: 0, isPublish: false };
  #body: Uint8Array = new Uint8Array();

  constructor(mostBytes: number, onCut: LinkCut) {
    this.#mostBytes = mostBytes;
    this.#onCut = onCut;
  }

  /** The bytes as they come; gives back those that may pass. */
  take(chunk: Uint8Array): Uint8Array {
    const bytes = this.#held.length ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = new Uint8Array();
    const kept: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const rest = bytes.subarray(at);
      if (this.#skipping) at += this.#skip(rest);
      else if (this.#passing) {
        const passed = rest.subarray(0, this.#passing);
        kept.push(passed);
        this.#passing -= passed.length;
        at += passed.length;
      } else at += this.#begin(rest);
    }
    return kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept);
  }

  /** Decides about the packet that begins here; gives how many bytes are done with. */
  #begin(bytes: Uint8Array): number {
    const head = headOf(bytes);
    if (!head) {
      this.#held = Uint8Array.from(bytes);
      return bytes.length;
    }
    const { headBytes, bodyBytes } = head;
    if (bodyBytes <= this.#mostBytes) {
      this.#passing = headBytes + bodyBytes;
      return 0;
    }
    this.#skipping = bodyBytes;
    this.#cut = { bytes: bodyBytes, isPublish: (bytes[0] ?? 0) >> 4 === PUBLISH };
    this.#body = new Uint8Array();
    return headBytes;
  }

  #skip(bytes: Uint8Array): number {
    const skipped = bytes.subarray(0, this.#skipping);
    const wanted = MOST_TOPIC - this.#body.length;
    if (wanted > 0) this.#body = Buffer.concat([this.#body, skipped.subarray(0, wanted)]);
    this.#skipping -= skipped.length;
    if (this.#skipping === 0) {
      const topic = this.#cut.isPublish ? topicOf(this.#body) : undefined;
      this.#onCut({ bytes: this.#cut.bytes, ...(topic !== undefined && { topic }) });
    }
    return skipped.length;
  }
}
