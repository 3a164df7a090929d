import { live } from './connection.ts';

export const App = () => <main>{String(live.value?.bank?.signals.soc_pct ?? '–')} %</main>;
