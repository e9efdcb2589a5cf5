import type { DataSource } from 'typeorm';

/** How many records are there at present. */
export interface RecordCounts {
  readonly people: number;
  readonly devices: number;
  readonly licences: number;
  /** Records of machines by their source. */
  readonly deviceRecords: Readonly<Record<string, number>>;
}

/**
 * Counts what is stored. Counting reads every row, a second at a million machines, so that a server may say how old an
 * answer may be: an older one is still given for a while, and renewed meanwhile.
 */
export class RecordCountsQueries {
  private counted: { readonly counts: RecordCounts; readonly at: number } | null = null;
  private counting: Promise<RecordCounts> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly maximumAge: number,
  ) {}

  /** The counts; fresh ones when `maximumAge` is 0. */
  async read(): Promise<RecordCounts> {
    const age = this.counted === null ? Infinity : Date.now() - this.counted.at;
    if (this.counted !== null && age < this.maximumAge) return this.counted.counts;
    const renewed = this.count();
    if (this.counted === null || age >= this.maximumAge * 6) return renewed;
    // Whoever asks next is told what is wrong with the database, if anything is.
    renewed.catch(() => undefined);
    return this.counted.counts;
  }

  private count(): Promise<RecordCounts> {
    return (this.counting ??= this.query().finally(() => {
      this.counting = null;
    }));
  }

  private async query(): Promise<RecordCounts> {
    const at = Date.now();
    const rows = await this.dataSource.query<{ counts: RecordCounts }[]>(
      `select json_build_object(
         'people', (select count(*) from person where presence = 'present'),
         'devices', (select count(*) from device where presence = 'present' and merged_into_id is null
                       and not exists (select from boxed_device where device_id = device.id)),
         'licences', (select count(*) from subscribed_sku where presence = 'present'),
         'deviceRecords', (
           select coalesce(json_object_agg(source, records), '{}')
           from (select source, count(*) as records from device_record where presence = 'present' group by source)
             as by_source)) as counts`,
    );
    const counts = rows[0]?.counts ?? { people: 0, devices: 0, licences: 0, deviceRecords: {} };
    this.counted = { counts, at };
    return counts;
  }
}
