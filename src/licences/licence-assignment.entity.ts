import { ViewColumn, ViewEntity } from 'typeorm';

/**
 * One licence of one person: the licences stated on people, a row each. A view, so that there is one copy of the fact
 * and nothing that could drift from it.
 */
@ViewEntity('licence_assignment', { synchronize: false })
export class LicenceAssignment {
  @ViewColumn({ name: 'person_id' })
  personId: number;

  @ViewColumn({ name: 'person_entra_id' })
  personEntraId: string;

  @ViewColumn({ name: 'person_presence' })
  personPresence: string;

  @ViewColumn({ name: 'account_enabled' })
  accountEnabled: boolean | null;

  @ViewColumn({ name: 'sku_id' })
  skuId: string;

  /** The group that the licence comes through; null when it is assigned directly. */
  @ViewColumn({ name: 'group_id' })
  groupId: string | null;

  @ViewColumn()
  state: string | null;

  @ViewColumn()
  error: string | null;
}
