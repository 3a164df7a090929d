// Filters: always there where there is room; folded on a phone, where what is found comes first.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../words/words.ts';

const roomy = (): MediaQueryList => matchMedia('(min-width: 45rem)');

function useRoom(): boolean {
  const [hasRoom, setRoom] = useState(() => roomy().matches);
  useEffect(() => {
    const query = roomy();
    const look = () => setRoom(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);
  return hasRoom;
}

interface FiltersFoldProps {
  /** Something is left out: said even where the filters are folded. */
  readonly isFiltering: boolean;
  readonly children: ComponentChildren;
}

export function FiltersFold({ isFiltering, children }: FiltersFoldProps) {
  if (useRoom()) return <>{children}</>;
  return (
    <details class="fold">
      <summary>{t(isFiltering ? 'parts.filterOn' : 'parts.filter')}</summary>
      {children}
    </details>
  );
}
