// The reader child: reads and proves files, answers one question with plain data, and is ended. What that takes in memory, more
// than all that the wires need, goes with it (docs/performance.md).
import { constants, setPriority } from 'node:os';
import type { Message } from './child.ts';
import type { ConfigurationRead, ProfileRead } from './config/configuration.ts';
import type { explainProfile, ToExplain } from './config/explain-profile.ts';
import { type GatewayConfig, parseGateway, readGateway } from './config/gateway-file.ts';
import type { knownIds } from './config/known-ids.ts';
import type { ToTry, tryProfile } from './config/try-profile.ts';
import { serveParent } from './forked.ts';
import type { Settings } from './profile/options.ts';

/** A gateway file, or a text in its place. Of a `service` what is wrong gives way to its good copy. */
interface FileQuestion extends Message {
  readonly type: 'service' | 'gateway';
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

/** A profile in force, for people. */
interface ExplainQuestion extends Message, ToExplain {
  readonly type: 'explain';
}

/** A profile that is being written. */
interface TryQuestion extends Message, ToTry {
  readonly type: 'try';
}

/** The ids of all profiles that came with this installation. */
interface IdsQuestion extends Message {
  readonly type: 'ids';
}

/** What may be asked, and what is answered. */
export type Question = FileQuestion | ProfileQuestion | ExplainQuestion | TryQuestion | IdsQuestion;
export type Read<Q extends Question> = Q extends ProfileQuestion
  ? ProfileRead
  : Q extends ExplainQuestion
    ? ReturnType<typeof explainProfile>
    : Q extends TryQuestion
      ? ReturnType<typeof tryProfile>
      : Q extends IdsQuestion
        ? ReturnType<typeof knownIds>
        : ConfigurationRead;

export type ReaderReport<Q extends Question = Question> =
  /** The file by itself, when it is right: to prove its profiles takes longer than to read it. */
  | { readonly type: 'file'; readonly config: GatewayConfig }
  | { readonly type: 'read'; readonly read: Read<Q> }
  | { readonly type: 'failed'; readonly error: unknown };

function fileOf({ path, text }: FileQuestion): GatewayConfig {
  return text === undefined ? readGateway(path) : parseGateway(path, text);
}

function tellFile(question: FileQuestion): void {
  try {
    tell({ type: 'file', config: fileOf(question) });
  } catch {
    // Told with the whole.
  }
}

const forPeople: readonly Question['type'][] = ['explain', 'try', 'ids'];

/** A person at a page can wait; where there are few cores the wires cannot. */
function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // Where it may not be lowered it is as before.
  }
}

/** What proves profiles is loaded when the file was told. */
async function read(question: Question): Promise<Read<Question>> {
  if (forPeople.includes(question.type)) giveWay();
  if (question.type === 'explain')
    return (await import('./config/explain-profile.ts')).explainProfile(question);
  if (question.type === 'try') return (await import('./config/try-profile.ts')).tryProfile(question);
  if (question.type === 'ids') return (await import('./config/known-ids.ts')).knownIds();
  if (question.type !== 'profile') tellFile(question);
  const { readConfiguration, readFor, readInverters } = await import('./config/read-configuration.ts');
  if (question.type === 'profile') return readFor(question.named, question.settings, question.hasGoodCopies);
  return question.type === 'service' ? readConfiguration(question.path) : readInverters(fileOf(question));
}

async function answer(question: Question): Promise<void> {
  try {
    tell({ type: 'read', read: await read(question) });
  } catch (error) {
    tell({ type: 'failed', error });
  }
}

const send = serveParent(
  // The parent is this program's own, which sends nothing but these.
  (message) => void answer(message as Question),
);

function tell(report: ReaderReport): void {
  send(report);
}
