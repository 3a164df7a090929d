// Says when a stream does not come.
import { Problem } from '../parts/problem.tsx';
import { t } from '../words/words.ts';
import type { StreamState } from './stream.ts';

export const StreamNote = ({ state }: { readonly state: StreamState }) =>
  state === 'refused' ? <Problem>{t('inspector.streamRefused')}</Problem> : null;
