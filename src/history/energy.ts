const MS_IN_KW_HOUR = 3_600_000 * 1000;

export interface Energy {
  readonly chargedKWh: number;
  readonly dischargedKWh: number;
}

/** What went in and out while the power went straight from one value to the other; W, positive while charging. */
export function energyBetween(fromW: number, toW: number, forMs: number): Energy {
  const turnMs = fromW * toW < 0 ? (forMs * fromW) / (fromW - toW) : undefined;
  // Two triangles where it turns, else one piece.
  const wattMs =
    turnMs === undefined
      ? [((fromW + toW) / 2) * forMs]
      : [(fromW / 2) * turnMs, (toW / 2) * (forMs - turnMs)];
  return {
    chargedKWh: Math.max(0, ...wattMs) / MS_IN_KW_HOUR,
    dischargedKWh: Math.max(0, ...wattMs.map((area) => -area)) / MS_IN_KW_HOUR,
  };
}
