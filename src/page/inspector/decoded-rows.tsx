// Decoded bytes beside the lines of the profile that name them.
import { span } from '../../profile/describe.ts';
import type { Fact, Piece } from '../../profile/pieces.ts';
import { Badge } from '../parts/badge.tsx';
import { t } from '../words/words.ts';
import { Bytes } from './bytes.tsx';
import { linesOf, type ProfileLine, type Section } from './decoded.ts';
import { factText, labelOf, textOf } from './piece-words.ts';

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

const LineList = ({ lines }: { readonly lines: readonly ProfileLine[] }) =>
  lines.length === 0 ? null : (
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

/** Where they stand, for whoever has just read them. */
const Places = ({ lines }: { readonly lines: readonly ProfileLine[] }) => (
  <span class="small soft">{lines.map(({ file, line }) => `${file}:${line}`).join(', ')}</span>
);

/** The line of its row was shown beside the count. */
const isAgain = ({ nth }: Piece): boolean => nth !== undefined;

type Profile = Section['profile'];

const FactRow = ({ fact, profile }: { readonly fact: Fact; readonly profile: Profile }) => (
  <li>
    <span>{factText(fact)}</span>
    <Lines lines={linesOf(profile, fact.paths)} />
  </li>
);

/** The profile's own words are English. */
const tongueOf = ({ kind, nth }: Piece): 'en' | undefined => (kind === 'field' && !nth ? 'en' : undefined);

const PieceRow = ({ piece, profile }: { readonly piece: Piece; readonly profile: Profile }) => (
  <li>
    <span class="decoded-what">
      <span class="small soft numbers">
        {t('inspector.byte', { at: span(piece.at, piece.at + piece.length - 1) })}
      </span>
      <span class={piece.kind === 'field' ? '' : 'soft'} lang={tongueOf(piece)}>
        {labelOf(piece)}
      </span>
      <strong lang={tongueOf(piece)}>{textOf(piece)}</strong>
      {piece.isWrong && <Badge tone="alarm">{t('inspector.wrong')}</Badge>}
    </span>
    {isAgain(piece) ? (
      <Places lines={linesOf(profile, piece.paths)} />
    ) : (
      <Lines lines={linesOf(profile, piece.paths)} />
    )}
  </li>
);

const heads = { frame: undefined, request: 'inspector.theQuestion', reply: 'inspector.theAnswer' } as const;

function Part({ section: { of, hex, facts, pieces, profile } }: { readonly section: Section }) {
  const head = heads[of];
  return (
    <>
      {head && <h2 class="small">{t(head)}</h2>}
      {of === 'request' && <Bytes hex={hex} changed={new Uint8Array()} />}
      <ul class="decoded">
        {facts.map((fact) => (
          <FactRow key={`${fact.kind} ${fact.text} ${fact.paths.join()}`} fact={fact} profile={profile} />
        ))}
        {pieces.map((piece) => (
          <PieceRow key={piece.at} piece={piece} profile={profile} />
        ))}
      </ul>
    </>
  );
}

export const DecodedParts = ({ sections }: { readonly sections: readonly Section[] }) =>
  sections.length === 0 ? (
    <p class="small soft">{t('inspector.notDecoded')}</p>
  ) : (
    sections.map((section) => <Part key={section.of} section={section} />)
  );
