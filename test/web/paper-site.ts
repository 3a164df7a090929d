import type { Site } from '../../src/model/api/site.ts';

/** One battery, one inverter. */
export const paperSite: Site = {
  version: '1.2.3',
  gateway: 'cellar',
  batteries: [{ id: 'a', bms: 'jbd', cells: 16, has_fets: true }],
  strings: [['a']],
  envelope: { charge_current_A: 50, discharge_current_A: 100, cell_max_V: 3.6, cell_min_V: 2.8 },
  chemistry: 'lfp',
  cell_range_V: [2.5, 3.65],
  temperature_range_C: [-20, 60],
  ages: { fresh_ms: 6000, late_ms: 15_000, lost_ms: 60_000, ramp_ms: 10_000 },
  on_partial_loss: 'block',
  inverters: [
    {
      id: 'house',
      profile: 'pylontech-lv@1.2.0',
      title: 'Pylontech low-voltage protocol over CAN',
      evidence: 'vendor',
      wire: 'can0',
      units: [],
      lost: 'hold',
      every_ms: 1000,
    },
  ],
  has_history: true,
  control: 'reads',
  is_demo: false,
};
