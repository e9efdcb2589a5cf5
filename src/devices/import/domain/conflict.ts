import type { CellProblem } from '../../../sheets/cell-text.js';

/** Why a person has to decide what a row is about. */
export const CONFLICTS = {
  'several-machines': {
    message: 'Several machines have this serial number, and the row does not say which of them it means.',
    fix: 'Choose the machine for this row, or add its manufacturer to the file.',
  },
  'several-entries': {
    message: 'Several entries of the register fit this serial number.',
    fix: 'Add the manufacturer to the file, or correct the register first.',
  },
  'tag-of-another': {
    message: 'The asset tag belongs to another machine than the serial number.',
    fix: 'Check the label on the machine and correct the tag or the serial number.',
  },
  'tag-with-other-serial': {
    message: 'The asset tag is in the register with another serial number.',
    fix: 'Check the label on the machine and correct the tag or the serial number.',
  },
  'other-manufacturer': {
    message: 'The register has another manufacturer for this machine.',
    fix: 'Check which is right and correct the file or the register.',
  },
  'same-machine': {
    message: 'An earlier row of the file is about the same machine.',
    fix: 'Keep one of the two rows.',
  },
} as const satisfies Readonly<Record<string, CellProblem>>;

export type ConflictCode = keyof typeof CONFLICTS;
