// The pictures of the page, drawn in lines of one weight.

const paths = {
  home: 'M4 11.5 12 5l8 6.5V20h-5.5v-5h-5v5H4z',
  cells: 'M4 20V9h4v11zM10 20V4h4v16zM16 20v-8h4v8z',
  inverter: 'M4 5h16v14H4zM7 12c1.7-4 3.3-4 5 0s3.3 4 5 0',
  inspector: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 21 21M8 9.500h5M8 12h3',
  history: 'M4 4v16h16M7 15l3.5-4.5 3 2.500L19 7',
  events:
    'M12 4c3.5 0 5 2.5 5 5.5 0 4 1.5 5.5 2.5 6.500h-15C5.5 15 7 13.5 7 9.5 7 6.5 8.5 4 12 4zM10 19.500h4',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 4.500h4v5h-4zM7 14.500h4v5H7z',
  well: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM7.5 12.500l3 3 6-6.5',
  info: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v5.500M12 7.500v.5',
  warn: 'M12 4 21.5 20h-19zM12 10v5M12 17.300v.4',
  alarm: 'M8.3 3h7.400L21 8.300v7.400L15.7 21H8.300L3 15.700V8.300zM12 7.500v5.500M12 16v.5',
  quiet: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM8 12h8',
  clock: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7v5.500l3.5 2',
  broken: 'M9 7H7a5 5 0 0 0 0 10h2M15 7h2a5 5 0 0 1 0 10h-2M9.5 12h1M13.5 12h1M4 4l16 16',
  battery: 'M5 8h13v9H5zM8 8V5.500h3V8M12.5 8V5.500h3V8M8.5 12.500h2M13 12.500h2.500M14.250 11.250v2.5',
  charge: 'M12 20V5M6 11l6-6 6 6',
  discharge: 'M12 4v15M6 13l6 6 6-6',
  balance: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M7 10.500l5 5 5-5M4 20h16',
  close: 'M5 5l14 14M19 5 5 19',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4.5 19 12 7 19.500z',
  record: 'M12 6a6 6 0 1 1 0 12 6 6 0 0 1 0-12z',
  again: 'M20 12a8 8 0 1 1-2.5-5.800M20 3v4.500h-4.5',
  more: 'M5 12h.5M12 12h.5M19 12h.5',
  down: 'M5 9l7 7 7-7',
  right: 'M9 5l7 7-7 7',
  left: 'M15 5l-7 7 7 7',
  user: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20c1-4 4-5.5 7.5-5.500s6.5 1.5 7.5 5.5',
  filter: 'M4 5h16l-6 7.500V19l-4-2v-4.500z',
  link: 'M9 7H7a5 5 0 0 0 0 10h2M15 7h2a5 5 0 0 1 0 10h-2M8.5 12h7',
} as const;

export type IconName = keyof typeof paths;

/** A picture beside a word; it says nothing by itself to who cannot see it. */
export const Icon = ({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) => (
  <svg
    viewBox="0 0 24 24"
    width={size}
    height={size}
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
);
