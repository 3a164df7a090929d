// A reader of a stream, as a browser is one.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';

export interface Heard {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** `event: data` of each message that has come, its data parsed. */
  readonly events: { readonly event: string; readonly data: unknown }[];
  readonly comments: () => number;
  readonly isOver: () => boolean;
  /** Takes nothing any more, or goes on. */
  readonly pause: () => void;
  readonly goOn: () => void;
  readonly vanish: () => void;
}

export async function listen(port: number, path: string, cookie = ''): Promise<Heard> {
  const request = get({ port, host: '127.0.0.1', path: `/api/v1${path}`, headers: { cookie }, agent: false });
  request.on('error', () => {});
  onTestFinished(() => void request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const events: { event: string; data: unknown }[] = [];
  let rest = '';
  let comments = 0;
  let over = false;
  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('close', () => {
    over = true;
  });
  response.on('data', (text: string) => {
    const blocks = `${rest}${text}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (event === undefined || data === undefined) comments++;
      else events.push({ event, data: JSON.parse(data) });
    }
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    comments: () => comments,
    isOver: () => over,
    pause: () => void response.pause(),
    goOn: () => void response.resume(),
    vanish: () => request.destroy(),
  };
}
