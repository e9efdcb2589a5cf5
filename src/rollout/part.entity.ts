import { Column } from 'typeorm';
import type { ScopeReason, WorkStyle } from './domain/move-words.js';

/** Where in the council a person or a machine belongs. */
export abstract class PartOfCouncil {
  /** The person's division in the directory. */
  @Column('text', { nullable: true })
  directorate: string | null;

  /** The person's department in the directory. */
  @Column('text', { nullable: true })
  team: string | null;

  /** The person's office location in the directory. */
  @Column('text', { nullable: true })
  site: string | null;
}

/** What figures are told apart by, besides the age of a desktop. */
export abstract class CountedPart extends PartOfCouncil {
  @Column('text', { name: 'work_style', nullable: true })
  workStyle: WorkStyle | null;
}

/** A stretch of a history, in the time in which Untether knew it. Only its end is ever written later. */
export abstract class HistoryStretch extends CountedPart {
  @Column('timestamptz', { name: 'from_at' })
  fromAt: Date;

  /** Null for the stretch that lasts. */
  @Column('timestamptz', { name: 'until_at', nullable: true })
  untilAt: Date | null;

  @Column('text', { name: 'scope_reason' })
  scopeReason: ScopeReason;
}
