import type { EarReport } from '../ble/orders.ts';
import type { BatteryHealth } from '../model/wire-health.ts';

type LinkHealth = NonNullable<BatteryHealth['link']>;

/** What was said last of the link to each battery. */
export interface Links {
  readonly hear: (report: EarReport | undefined) => void;
  readonly of: (battery: string) => LinkHealth | undefined;
  /** Who said it is gone. */
  readonly forget: () => void;
}

export function linkBook(): Links {
  const links = new Map<string, LinkHealth>();
  return {
    forget: () => links.clear(),
    of: (battery) => links.get(battery),
    hear(report) {
      if (report?.type !== 'link') return;
      const { battery, state, why } = report;
      // Only an advert tells it, and it holds for the link that follows.
      const { rssiDbm = links.get(battery)?.rssiDbm } = report;
      links.set(battery, {
        state,
        ...(rssiDbm !== undefined && { rssiDbm }),
        ...(why !== undefined && { why }),
      });
    },
  };
}
