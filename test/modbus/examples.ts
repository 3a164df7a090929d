// Worked requests and replies of the RS485 reference, section 5, byte for byte with CRC.
export const examples = [
  ['G1 core triple', '01 03 01 00 00 03 04 37', '01 03 06 00 4C 02 10 FF 83 30 97'],
  [
    'G2 core block',
    '01 03 01 00 00 10 45 FA',
    '01 03 20 00 4C 02 10 FF 83 00 5A 00 87 00 62 00 01 00 EB 02 38 01 C0 03 E8 05 DC 00 00 00 00 00 00 01 00 5B 78',
  ],
  ['G3 heartbeat', '01 03 01 03 00 01 75 F6', '01 03 02 00 5A 38 7F'],
  [
    'G4 cell extremes',
    '01 03 01 10 00 08 44 35',
    '01 03 10 0C E1 0C E9 01 07 02 0C 00 E4 00 F1 01 01 02 02 B5 8B',
  ],
  ['G5 inverter heartbeat', '01 06 01 80 00 FF C9 9E', '01 06 01 80 00 FF C9 9E'],
  ['G6 two writes', '01 10 01 80 00 02 04 00 07 00 02 C6 5F', '01 10 01 80 00 02 41 DC'],
  [
    'G7 write then read',
    '01 17 01 00 00 04 01 80 00 01 02 12 34 92 1A',
    '01 17 08 00 4C 02 10 FF 83 00 5A D9 B5',
  ],
  ['G8 past the map', '01 03 01 88 00 01 05 DC', '01 83 02 C0 F1'],
  ['G9 quantity 126', '01 03 01 00 00 7E C4 16', '01 83 03 01 31'],
  ['G10 coils', '01 01 00 00 00 08 3D CC', '01 81 01 81 90'],
] as const;

/** G11: the core block, 75 s after the last data. */
export const staleExample = [
  '01 03 01 00 00 10 45 FA',
  '01 03 20 00 4C 02 10 FF 83 00 5A 0B 00 00 62 00 4B 00 EB 02 38 01 C0 00 00 00 00 00 00 00 00 00 01 01 00 28 B9',
] as const;
