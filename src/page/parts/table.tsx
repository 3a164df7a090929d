// A table that scrolls by itself where the screen is narrow.
import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the right, under each other. */
  readonly isNumber?: boolean;
  /** The cell names its row. */
  readonly isHead?: boolean;
}

interface TableProps<Row> {
  readonly caption: string;
  /** The caption is said by a heading beside it already. */
  readonly hidesCaption?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

const nameOf = (isNumber?: boolean) => (isNumber ? 'number' : undefined);

export const Table = <Row,>({ caption, hidesCaption, columns, rows, keyOf }: TableProps<Row>) => (
  // It scrolls, so the keyboard must reach it. A group and no region: several of one name may stand on a screen.
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
  // biome-ignore lint/a11y/useSemanticElements: a fieldset is of forms
  <div class="wide-table" role="group" aria-label={caption} tabIndex={0} data-no-swipe>
    <table>
      <caption class={hidesCaption ? 'hidden-text' : undefined}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, isNumber }) => (
            <th key={name} scope="col" class={nameOf(isNumber)}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, cell, isNumber, isHead }) =>
              isHead ? (
                <th key={name} scope="row" class={nameOf(isNumber)}>
                  {cell(row)}
                </th>
              ) : (
                <td key={name} class={nameOf(isNumber)}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
