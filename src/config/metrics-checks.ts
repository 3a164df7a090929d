import type { Check } from './schema.ts';

/** Two listeners cannot have one port of this machine. */
export const metricsPort: Check = ({ value: { metrics, inverters }, problemAt }) => {
  const port = metrics?.listen.split(':').at(-1);
  const inverter = inverters.find(({ tcp }) => port !== undefined && tcp?.split(':').at(-1) === port);
  return inverter
    ? [
        problemAt(
          ['metrics', 'listen'],
          `inverter \`${inverter.id}\` is served at port ${port}; take another port`,
        ),
      ]
    : [];
};
