// The stream of the live document, as signals.
import { signal } from '@preact/signals';
import type { Live, LiveMessage } from '../model/api/live.ts';
import { patched } from '../model/api/patch.ts';

export const live = signal<Live | undefined>(undefined);

let number: number | undefined;
const source = new EventSource('/api/v1/live');
source.addEventListener('live', ({ data }) => {
  const message = JSON.parse(data) as LiveMessage;
  if ('whole' in message) live.value = message.whole;
  else if (number !== undefined && message.number === number + 1)
    live.value = patched(live.value, message.patch) as Live;
  number = message.number;
});
