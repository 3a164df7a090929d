import type { Check } from './schema.ts';

const portOf = (text: string): number => Number(text.slice(text.lastIndexOf(':') + 1));

/** Two listeners cannot have one port of this machine. */
export const metricsPort: Check = ({ value: { metrics, inverters }, problemAt }) => {
  const port = metrics && portOf(metrics.listen);
  const inverter = inverters.find(({ tcp }) => tcp !== undefined && portOf(tcp) === port);
  return inverter
    ? [
        problemAt(
          ['metrics', 'listen'],
          `inverter \`${inverter.id}\` is served at port ${port}; take another port`,
        ),
      ]
    : [];
};
