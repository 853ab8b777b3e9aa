/** Rows as a table, as CSV (RFC 4180) and as JSON, one object a line. */

import type { Format } from './arguments.js';
import type { Column } from './columns.js';

/** How a list is printed. */
export interface Printer<Row> {
  /** What stands above the rows. */
  header: string;
  /** The text of some rows. */
  rows(rows: readonly Row[]): string;
}

/** What a printer is made for. */
export interface Paper {
  /** The columns of the terminal; undefined where there is none. */
  columns: number | undefined;
  bold(text: string): string;
}

/** Returns the printer of a format. `json` gives the object of a row. */
export function printer<Row>(
  format: Format,
  columns: readonly Column<Row>[],
  json: (row: Row) => object,
  paper: Paper,
): Printer<Row> {
  if (format === 'json')
    return {
      header: '',
      rows: (rows) => rows.map((row) => `${escaped(JSON.stringify(json(row)))}\n`).join(''),
    };
  // Bytes are exact in a pipe; on a terminal no text of a bank may steer it.
  const shown = paper.columns === undefined ? (text: string) => text : visible;
  if (format === 'csv') return csv(columns, shown);
  return table(columns, paper);
}

function csv<Row>(columns: readonly Column<Row>[], shown: (text: string) => string): Printer<Row> {
  const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`;
  const cell = ({ of, amount }: Column<Row>, row: Row) => {
    const text = shown(of(row) ?? '');
    return quoted(amount ? text : harmless(text));
  };
  return {
    header: line(columns.map(({ name }) => name)),
    rows: (rows) => rows.map((row) => line(columns.map((column) => cell(column, row)))).join(''),
  };
}

/** RFC 4180, section 2: quotes where a comma, a quote or a line end stands, and quotes doubled. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A spreadsheet takes a cell that begins so for a formula, also behind a semicolon; an apostrophe makes it text. */
function harmless(text: string): string {
  return text.replace(/(?<=^|[;\t\n]|\r(?!\n))(?=[\s"']*[=+\-@＝＋－＠])/g, "'");
}

function table<Row>(columns: readonly Column<Row>[], { columns: width, bold }: Paper): Printer<Row> {
  const shown = columns.filter(({ table }) => table !== undefined);
  const line = (cells: readonly string[]) => {
    const fitted = shown.map(({ table }, index) => fit(cells[index] ?? '', table?.width ?? 0, table?.right));
    const text = fitted.join('  ').trimEnd();
    return width === undefined ? text : cut(text, width);
  };
  return {
    header: `${bold(line(shown.map(({ table }) => table?.title ?? '')))}\n`,
    rows: (rows) =>
      rows.map((row) => `${line(shown.map(({ of, shown = of }) => visible(shown(row) ?? '')))}\n`).join(''),
  };
}

/** Pads a cell. One that is longer stays whole: it pushes the others to the right. */
function fit(text: string, width: number, right = false): string {
  const gap = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? gap + text : text + gap;
}

const STEERING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** JSON leaves some control characters as they are, which escapes say as well. */
function escaped(json: string): string {
  return json.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Control characters and changes of direction, which could hide text or steer a terminal, as a visible sign. */
function visible(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(STEERING, '\uFFFD');
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]/u;
const NARROW = /[\p{Mn}\p{Me}\p{Cf}]/u;

const widthOfCharacter = (character: string) => (NARROW.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** How many columns of a terminal the text takes. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** Cuts a line at the edge of the terminal. */
function cut(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns) return text.slice(0, end);
    end += character.length;
  }
  return text;
}
