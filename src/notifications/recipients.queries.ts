import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isMailAddress } from '../common/mail-address.js';

/** Whether and where somebody can be written to. */
export type Recipient = { readonly address: string } | 'left' | 'no-address';

/** Reads addresses at the moment of sending, by object id and out of the directory alone. */
@Injectable()
export class RecipientsQueries {
  constructor(private readonly dataSource: DataSource) {}

  async of(entraId: string): Promise<Recipient> {
    const [person] = await this.dataSource.query<{ mail: string | null; here: boolean }[]>(
      `select mail, presence = 'present' and account_enabled is not false as here from person where entra_id = $1`,
      [entraId],
    );
    if (!person?.here) return 'left';
    return person.mail !== null && isMailAddress(person.mail) ? { address: person.mail } : 'no-address';
  }
}
