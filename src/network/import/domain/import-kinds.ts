import { londonDay } from '../../../common/uk-time.js';
import type { CellProblem } from '../../../sheets/cell-text.js';
import { COVERAGE_FIELDS } from './coverage-fields.js';
import { field, type FieldReading, type ImportField } from './import-field.js';
import type { FieldValue, ImportedKind } from './import-words.js';

type Fields = Readonly<Record<string, FieldValue>>;

/** A kind of file: its columns, and what one row has to make sense by itself. */
export interface ImportKind {
  readonly fields: readonly ImportField[];
  /** Of these columns a file needs one at least; empty when there is no such rule. */
  readonly oneOf: readonly string[];
  /** What no single cell of a row is to blame for; null when there is nothing. */
  readonly rule: (fields: Fields, now: Date) => CellProblem | null;
}

const name: FieldReading = { kind: 'text', longest: 200 };
const count: FieldReading = { kind: 'whole', least: 0, most: 100_000 };
const day: FieldReading = { kind: 'day' };
const milliseconds: FieldReading = { kind: 'figure', least: 0, most: 60_000 };
const linkSpeed: FieldReading = { kind: 'whole', least: 1, most: 1_000_000_000 };
const testSpeed: FieldReading = { kind: 'whole', least: 0, most: 100_000_000 };
const required = true;
const nothing = (): null => null;

/** Mbit/s and Gbit/s become kbit/s, the unit of everything that is stored. */
const speedHeaders = (direction: 'download' | 'upload'): Readonly<Record<string, number>> => ({
  [`${direction}kbps`]: 1,
  [`${direction}kbits`]: 1,
  [`${direction}mbps`]: 1_000,
  [`${direction}mbits`]: 1_000,
  [`${direction}gbps`]: 1_000_000,
  [direction === 'download' ? 'downmbps' : 'upmbps']: 1_000,
});
const site = field('site', 'site', 'Site', name, { required, headers: ['sitename', 'office', 'building', 'location'] });

const FIGURES_OF_A_TEST = [
  field('round_trip_ms', 'round_trip_ms', 'Round trip (ms)', milliseconds, {
    headers: ['roundtrip', 'rttms', 'rtt', 'latencyms', 'pingms'],
  }),
  field('jitter_ms', 'jitter_ms', 'Jitter (ms)', milliseconds, { headers: ['jitter'] }),
  field(
    'loss_ratio',
    'loss_percent',
    'Loss (ratio)',
    { kind: 'figure', least: 0, most: 1 },
    {
      scaled: { lossratio: 1, losspercent: 0.01, losspct: 0.01, packetlosspercent: 0.01, packetlosspct: 0.01 },
    },
  ),
  field('download_kbps', 'download_mbps', 'Download (kbit/s)', testSpeed, { scaled: speedHeaders('download') }),
  field('upload_kbps', 'upload_mbps', 'Upload (kbit/s)', testSpeed, { scaled: speedHeaders('upload') }),
  field('exchange_round_trip_ms', 'exchange_round_trip_ms', 'Round trip to Exchange (ms)', milliseconds, {
    headers: ['exchangelatencyms', 'exchangetcplatencyms'],
  }),
  field(
    'sharepoint_megabytes_per_second',
    'sharepoint_megabytes_per_second',
    'Download from SharePoint (MB/s)',
    { kind: 'figure', least: 0, most: 100_000 },
    { headers: ['sharepointmbytess', 'sharepointdownloadmegabytess'] },
  ),
];

/** Every kind of file that can be imported. */
export const IMPORT_KINDS: Readonly<Record<ImportedKind, ImportKind>> = {
  sites: {
    fields: [
      field('name', 'name', 'Site', name, {
        required,
        headers: ['site', 'sitename', 'office', 'building', 'location'],
      }),
      field('desks', 'desks', 'Desks', count, { headers: ['numberofdesks', 'seats'] }),
      field('docks', 'docks', 'Docks', count, { headers: ['numberofdocks', 'dockingstations'] }),
      field('wired_ports', 'wired_ports', 'Wired ports', count, { headers: ['ports', 'lanports', 'ethernetports'] }),
    ],
    oneOf: [],
    rule: nothing,
  },
  links: {
    fields: [
      site,
      field('name', 'name', 'Link', name, { required, headers: ['link', 'linkname', 'circuit', 'circuitid', 'line'] }),
      field('provider', 'provider', 'Provider', name, { headers: ['supplier', 'carrier', 'isp'] }),
      field('download_kbps', 'download_mbps', 'Download (kbit/s)', linkSpeed, {
        required,
        scaled: speedHeaders('download'),
      }),
      field('upload_kbps', 'upload_mbps', 'Upload (kbit/s)', linkSpeed, { required, scaled: speedHeaders('upload') }),
      field('contract', 'contract', 'Contract', name, { headers: ['contractreference', 'contractnumber'] }),
      field('contract_ends_on', 'contract_ends_on', 'Contract ends', day, {
        headers: ['contractends', 'contractend', 'contractenddate'],
      }),
      field('live_from', 'live_from', 'Live from', day, { headers: ['livesince', 'golive', 'golivedate'] }),
      field('live_until', 'live_until', 'Live until', day, { headers: ['ceasedate', 'ceaseson'] }),
    ],
    oneOf: [],
    rule: nothing,
  },
  ranges: {
    fields: [
      field(
        'kind',
        'kind',
        'Kind',
        {
          kind: 'choice',
          choices: {
            sitesubnet: 'site_subnet',
            subnet: 'site_subnet',
            site: 'site_subnet',
            egress: 'egress',
            internetegress: 'egress',
            remoteaccess: 'remote_access',
            vpn: 'remote_access',
          },
        },
        { required, headers: ['type', 'rangekind'] },
      ),
      field(
        'network',
        'network',
        'Range',
        { kind: 'addresses' },
        {
          required,
          headers: ['range', 'cidr', 'subnet', 'addressrange', 'addresses', 'prefix'],
        },
      ),
      { ...site, required: false },
      field('remote_access', 'remote_access', 'Gateway', name, { headers: ['gateway', 'vpn', 'remoteaccessname'] }),
      field('note', 'note', 'Note', name, { headers: ['notes', 'description', 'comment'] }),
    ],
    oneOf: [],
    rule: ownerOfRange,
  },
  surveys: {
    fields: [
      site,
      field('surveyed_on', 'surveyed_on', 'Surveyed', day, { required, headers: ['surveydate', 'date', 'surveyed'] }),
      field(
        'result',
        'result',
        'Result',
        {
          kind: 'choice',
          choices: {
            passed: 'passed',
            pass: 'passed',
            passedinpart: 'passed_in_part',
            partial: 'passed_in_part',
            partpassed: 'passed_in_part',
            failed: 'failed',
            fail: 'failed',
          },
        },
        { required, headers: ['outcome', 'surveyresult'] },
      ),
      field('floors', 'floors', 'Floors', name, { headers: ['floor', 'area'] }),
      field('clients_supported', 'clients_supported', 'Clients supported', count, {
        headers: ['clients', 'supportedclients', 'capacity'],
      }),
      field('expires_on', 'expires_on', 'Expires', day, { headers: ['expires', 'expirydate', 'validuntil'] }),
    ],
    oneOf: [],
    rule: daysOfSurvey,
  },
  site_tests: {
    fields: [
      site,
      field(
        'tested_at',
        'tested_at',
        'Tested',
        { kind: 'time' },
        {
          required,
          headers: ['testtime', 'time', 'timestamp', 'datetime', 'tested'],
        },
      ),
      field('source', 'source', 'Source', name, { required, headers: ['tool', 'test', 'testedwith'] }),
      ...FIGURES_OF_A_TEST,
    ],
    oneOf: FIGURES_OF_A_TEST.map((figure) => figure.name),
    rule: figuresOfTest,
  },
  authority_coverage: {
    fields: [
      field(
        'area_code',
        'laua',
        'Code',
        { kind: 'authority' },
        { required, headers: ['lauacode', 'ladcode', 'areacode'] },
      ),
      field('area_name', 'la_name', 'Authority', name, { required, headers: ['lauaname', 'ladname', 'areaname'] }),
      ...COVERAGE_FIELDS,
    ],
    oneOf: COVERAGE_FIELDS.map((each) => each.name),
    rule: nothing,
  },
  postcode_coverage: {
    fields: [
      field(
        'postcode',
        'postcode',
        'Postcode',
        { kind: 'postcode' },
        {
          required,
          headers: ['postcodespace'],
          firstOfSeveral: true,
        },
      ),
      ...COVERAGE_FIELDS.filter((each) => !each.name.startsWith('mobile_')),
    ],
    oneOf: COVERAGE_FIELDS.map((each) => each.name),
    rule: nothing,
  },
};

function ownerOfRange({ kind, site: siteName, remote_access: gateway }: Fields): CellProblem | null {
  if (kind === 'site_subnet' && siteName === undefined)
    return { message: 'A subnet of a site needs its site.', fix: 'Enter the name of the site.' };
  if (kind === 'remote_access' && gateway === undefined)
    return { message: 'A range of remote access needs its gateway.', fix: 'Enter the name of the gateway.' };
  if (kind !== 'remote_access' && gateway !== undefined)
    return { message: 'Only a range of remote access has a gateway.', fix: 'Leave the gateway empty.' };
  if (kind === 'remote_access' && siteName !== undefined)
    return { message: 'A range of remote access belongs to no site.', fix: 'Leave the site empty.' };
  return null;
}

function daysOfSurvey({ surveyed_on: surveyed, expires_on: expires }: Fields, now: Date): CellProblem | null {
  if (surveyed !== undefined && String(surveyed) > londonDay(now))
    return { message: 'The day of the survey lies ahead.', fix: 'Enter the day on which it was done.' };
  if (surveyed !== undefined && expires !== undefined && expires < surveyed)
    return { message: 'The survey expires before it was done.', fix: 'Correct one of the two days.' };
  return null;
}

function figuresOfTest(fields: Fields, now: Date): CellProblem | null {
  if (!FIGURES_OF_A_TEST.some((figure) => figure.name in fields))
    return { message: 'The row has no figure.', fix: 'Enter one at least, or remove the row.' };
  if (fields['tested_at'] !== undefined && String(fields['tested_at']) > now.toISOString())
    return { message: 'The time of the test lies ahead.', fix: 'Enter the time at which it was done.' };
  return null;
}
