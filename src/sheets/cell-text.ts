/** What is wrong with one cell, and how to put it right. */
export interface CellProblem {
  readonly message: string;
  readonly fix: string;
}

const INVISIBLE = /[\u200B-\u200D\u2060\uFEFF\u00AD]/g;
const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_LAYOUT = /[^\P{Cc}\t\r\n]/u;
/** How Excel writes a long number into a CSV or an XLSX file: 1.23457E+11. */
const SCIENTIFIC = /^\d(?:\.\d+)?E\+\d{1,3}$/i;
/** Excel keeps fifteen digits of a number (support.microsoft.com, "Excel specifications and limits"). */
const DIGITS_THAT_EXCEL_KEEPS = 15;

const SPREADSHEET_ERROR = /^#(?:REF!|N\/A|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!)$/;

/** The text without what cannot be seen: spaces around it, zero-width characters, and spaces that are not plain ones. */
export function cleanText(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .replace(/[\u00A0\u2007\u202F]/g, ' ')
    .trim();
}

/** Why a text cannot be kept in a field; null when it can. */
export function textProblem(text: string, limit: number, severalLines: boolean): CellProblem | null {
  if ((severalLines ? CONTROL_BUT_LAYOUT : CONTROL).test(text)) {
    return { message: 'The cell holds a control character or a line break.', fix: 'Type the cell again on one line.' };
  }
  if (SPREADSHEET_ERROR.test(text)) {
    return {
      message: `The spreadsheet shows the error ${text} here.`,
      fix: 'Correct the formula, or enter the value.',
    };
  }
  const length = text.length > limit ? [...text].length : text.length;
  if (length > limit) {
    return { message: `The cell has ${length} characters; at most ${limit} are kept.`, fix: 'Shorten it.' };
  }
  return null;
}

/**
 * Why a serial number, tag or order number that went through a spreadsheet can no longer be trusted; null when it can.
 * @param isNumber whether the workbook stores the cell as a number
 */
export function lostDigits(text: string, isNumber: boolean): CellProblem | null {
  const digits = text.replace(/\D/g, '').length;
  if (SCIENTIFIC.test(text) || (isNumber && (digits > DIGITS_THAT_EXCEL_KEEPS || /[^\d]/.test(text)))) {
    return {
      message: `Excel has turned the value into a number (${text.slice(0, 30)}), and digits are lost.`,
      fix: 'Format the column as text in Excel, enter the value again from its source and save.',
    };
  }
  return null;
}
