// The reader child: reads and proves files, answers one question with plain data, and is ended. What that takes in memory, more
// than all that the wires need, goes with it (docs/performance.md).
import type { Message } from './child.ts';
import type { ConfigurationRead, ProfileRead } from './config/configuration.ts';
import { parseGateway, readGateway } from './config/gateway-file.ts';
import { readConfiguration, readFor, readInverters } from './config/read-configuration.ts';
import { serveParent } from './forked.ts';
import type { Settings } from './profile/options.ts';

/** The configuration of a service: a file that is wrong gives way to its good copy. */
interface ServiceQuestion extends Message {
  readonly type: 'service';
  readonly path: string;
}

/** A gateway file as it is, or a text in its place, without good copies. */
interface GatewayQuestion extends Message {
  readonly type: 'gateway';
  readonly path: string;
  readonly text?: string;
}

/** A profile of one of these that was written since. */
interface ProfileQuestion extends Message {
  readonly type: 'profile';
  readonly named: string;
  readonly settings: Settings;
  readonly hasGoodCopies: boolean;
}

/** What may be asked, and what is answered. */
export type Question = ServiceQuestion | GatewayQuestion | ProfileQuestion;
export type Read<Q extends Question> = Q extends ProfileQuestion ? ProfileRead : ConfigurationRead;

export type ReaderReport<Q extends Question = Question> =
  | { readonly type: 'read'; readonly read: Read<Q> }
  | { readonly type: 'failed'; readonly error: unknown };

function read(question: Question): ConfigurationRead | ProfileRead {
  if (question.type === 'service') return readConfiguration(question.path);
  if (question.type === 'profile') return readFor(question.named, question.settings, question.hasGoodCopies);
  const { path, text } = question;
  return readInverters(text === undefined ? readGateway(path) : parseGateway(path, text));
}

function answer(question: Question): ReaderReport {
  try {
    return { type: 'read', read: read(question) };
  } catch (error) {
    return { type: 'failed', error };
  }
}

const tell = serveParent(
  // The parent is this program's own, which sends nothing but these.
  (message) => tell(answer(message as Question)),
);
