import type { BmsDriver, Framing, Request } from './driver.ts';

/** How each dialect of a family cuts its bytes into frames. */
export const framingsOf = ({ framing }: BmsDriver): readonly Framing[] => [framing];

/** What each dialect of a family asks first: a read that changes nothing in the battery. */
export const firstRequestsOf = ({ requests }: BmsDriver): readonly Request[] => requests.slice(0, 1);
