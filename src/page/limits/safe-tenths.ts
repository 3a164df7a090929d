// Limits as they are told: to a tenth, towards the safe side.

const STEPS = 10;

/**
 * As on the wire: 99.99 % is not full, and 49.99 A are not 50. What may not be fallen short of is rounded up: `DVL`, by its name of
 * the catalogue.
 */
export function safeTenths(name: string, value: number): number {
  // A sum of binary fractions lies a hair beside its tenth.
  const steps = Number((value * STEPS).toFixed(6));
  return (name === 'discharge_voltage_limit_V' ? Math.ceil(steps) : Math.floor(steps)) / STEPS;
}
