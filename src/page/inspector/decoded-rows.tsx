// Decoded bytes beside the lines of the profile that made them.
import { span } from '../../profile/describe.ts';
import { t } from '../words/words.ts';
import type { DecodedRow, ProfileLine } from './decoded.ts';

/** More lines than this would hide the rows below: a word of bits may have sixteen. */
const MOST_LINES = 2;

export const Lines = ({ lines }: { readonly lines: readonly ProfileLine[] }) =>
  lines.length <= MOST_LINES ? (
    <LineList lines={lines} />
  ) : (
    <details class="more-lines">
      <summary>
        {t('inspector.lines', { n: lines.length, file: lines[0]?.file ?? '', line: lines[0]?.line ?? '' })}
      </summary>
      <LineList lines={lines} />
    </details>
  );

const LineList = ({ lines }: { readonly lines: readonly ProfileLine[] }) => (
  <ul class="profile-lines">
    {lines.map(({ file, line, text }) => (
      <li key={`${file}:${line}`}>
        <span class="small soft">
          {file}:{line}
        </span>
        <code>{text}</code>
      </li>
    ))}
  </ul>
);

export const DecodedRows = ({ rows }: { readonly rows: readonly DecodedRow[] }) =>
  rows.length === 0 ? (
    <p class="small soft">{t('inspector.notDecoded')}</p>
  ) : (
    <ul class="decoded">
      {rows.map((row) => (
        <li key={`${row.at} ${row.label}`}>
          <span class="decoded-what">
            <span class="small soft numbers">
              {t('inspector.byte', { at: span(row.at, row.at + row.length - 1) })}
            </span>
            <span>{row.label}</span>
            <strong>{row.text}</strong>
          </span>
          <Lines lines={row.lines} />
        </li>
      ))}
    </ul>
  );
