import { type ShownTime, shownTime } from '../../common/uk-time.js';
import {
  COMPLIANCE_NAMES,
  DEVICE_SOURCE_NAMES,
  FORM_FACTOR_NAMES,
  OWNERSHIP_NAMES,
  PRESENCE_NAMES,
  READINESS_NAMES,
  SUPERCLASS_NAMES,
  wordFor,
} from '../../devices/domain/device-words.js';
import type { CustodyView, DeviceCustodyView } from '../../devices/lifecycle/custody.queries.js';
import type { DoubtCode } from '../../devices/domain/lifecycle/doubts.js';
import type { RecordDoubtCode } from '../../devices/domain/record-doubts.js';
import { actorWords } from '../../directory/actor-names.queries.js';
import type { NamedPerson } from '../../directory/named-people.queries.js';
import type { DeviceDetail } from '../../devices/devices.queries.js';
import type { Permission } from '../../auth/permissions.js';
import { paths } from '../../web/paths.js';
import type { WholeDevice } from '../whole-device.queries.js';
import { timelineRows, type TimelineRow } from './timeline.view.js';

/** A label with its value; `link` leads to what the value names. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly link?: string;
  readonly note?: string;
}

/** A doubt with where to do something about it. */
export interface ShownDoubt {
  readonly message: string;
  readonly advice: string;
  readonly link: { readonly href: string; readonly text: string } | null;
}

/** The page of one machine. */
export interface DeviceView {
  readonly title: string;
  readonly id: number;
  readonly caption: string;
  /** Whether the reader sees all of it; whoever only sees their own machine sees no one else's part in it. */
  readonly whole: boolean;
  readonly tag: { readonly text: string; readonly classes: string } | null;
  readonly doubts: readonly ShownDoubt[];
  readonly people: readonly Fact[];
  readonly custody: {
    readonly facts: readonly Fact[];
    readonly contradictions: readonly string[];
    /** Where to say which of them is right; null for those who may not. */
    readonly settle: string | null;
    readonly history: string | null;
    readonly evidence: string | null;
    readonly commands: readonly { readonly label: string; readonly href: string }[];
  } | null;
  readonly state: readonly Fact[];
  readonly description: readonly Fact[];
  readonly classification: {
    readonly name: string;
    readonly superclass: string;
    readonly reason: string | null;
    readonly rule: string | null;
    readonly confidence: string;
    readonly decidedBy: string;
    readonly evidence: readonly string[];
    readonly contradictions: readonly string[];
    readonly override: { readonly reason: string; readonly by: string; readonly at: ShownTime | null } | null;
    readonly decide: string | null;
  };
  readonly sources: readonly {
    readonly label: string;
    readonly name: string;
    readonly serialNumber: string;
    readonly user: string;
    readonly lastSeen: ShownTime | null;
    readonly asOf: ShownTime | null;
    readonly presence: string | null;
  }[];
  readonly formerNames: readonly {
    readonly name: string;
    readonly from: ShownTime | null;
    readonly to: ShownTime | null;
  }[];
  readonly register: readonly Fact[];
  readonly timeline: readonly TimelineRow[];
  readonly olderEntries: string | null;
  readonly age: ShownTime | null;
}

const DECIDED_BY: Readonly<Record<DeviceDetail['classification']['decidedBy'], string>> = {
  device_override: 'A person, for this machine',
  model_override: 'A person, for the model',
  catalogue: 'The catalogue of models',
  signal: 'Signals, as the catalogue does not know the model',
  none: 'Nothing speaks for any class',
};

const UNKNOWN = 'Not known';
/** Neither the list of Intune v1.0 nor the sources that are read have it (learn.microsoft.com/graph/api/resources/intune-devices-manageddevice). */
const NO_SOURCE = 'Not known: no source that is read says it';

/** Puts together what the page of a machine shows to somebody with these permissions. */
export function deviceView(whole: WholeDevice, permissions: ReadonlySet<Permission>, now: Date): DeviceView {
  const { device, people } = whole;
  const estate = permissions.has('estate:read');
  const title = device.name ?? device.serialNumber ?? `Machine ${device.id}`;
  return {
    title,
    id: device.id,
    whole: estate,
    caption: [device.manufacturer, device.model].filter((part) => part !== null).join(' '),
    tag:
      device.presence === 'present'
        ? null
        : {
            text: PRESENCE_NAMES[device.presence],
            classes: device.presence === 'gone' ? 'govuk-tag--grey' : 'govuk-tag--orange',
          },
    doubts: shownDoubts(whole, permissions),
    people: peopleFacts(whole).map(estate ? (fact) => fact : withoutLink),
    custody: whole.custody && {
      facts: custodyFacts(whole.custody, now),
      contradictions: whole.custody.contradictions.map(contradictionSentence),
      settle:
        whole.custody.contradictions.length > 0 && permissions.has('custody:write')
          ? paths.settleCustody(device.id)
          : null,
      history: estate ? paths.deviceHistory(device.id) : null,
      evidence: estate ? paths.deviceEvidence(device.id) : null,
      commands: whole.custody.commands.map(({ command, label }) => ({
        label,
        href: paths.custodyCommand(device.id, command),
      })),
    },
    state: [
      { label: 'Compliance', value: wordFor(COMPLIANCE_NAMES, device.complianceState) || UNKNOWN },
      { label: 'Windows 11', value: wordFor(READINESS_NAMES, device.upgradeEligibility) || UNKNOWN },
      { label: 'Last seen', value: shownTime(device.lastSeenAt, now)?.text ?? 'never' },
      { label: 'Enrolled', value: shownTime(device.enrolledAt, now)?.text ?? UNKNOWN },
    ],
    description: [
      { label: 'Serial number', value: device.serialNumber ?? UNKNOWN },
      { label: 'Asset tag', value: whole.register?.assetTag ?? 'None in the register' },
      { label: 'Manufacturer', value: device.manufacturer ?? UNKNOWN },
      { label: 'Model', value: device.model ?? UNKNOWN },
      {
        label: 'Operating system',
        value:
          [device.operatingSystem, device.operatingSystemVersion].filter((part) => part !== null).join(' ') || UNKNOWN,
      },
      { label: 'Ownership', value: wordFor(OWNERSHIP_NAMES, device.ownership) || UNKNOWN },
    ],
    classification: classificationOf(device, people, permissions, now),
    sources: (estate ? device.records : []).map((record) => ({
      label: DEVICE_SOURCE_NAMES[record.source],
      name: record.name ?? '',
      serialNumber: record.serialNumber ?? '',
      user: nameOf(record.userEntraId, people) ?? record.userPrincipalName ?? '',
      lastSeen: shownTime(record.lastSeenAt, now),
      asOf: shownTime(record.asOf, now),
      presence: record.presence === 'present' ? null : PRESENCE_NAMES[record.presence],
    })),
    formerNames: (estate ? whole.aliases : [])
      .filter(({ name }) => name.toLowerCase() !== device.name?.toLowerCase())
      .map(({ name, firstSeenAt, lastSeenAt }) => ({
        name,
        from: shownTime(firstSeenAt, now),
        to: shownTime(lastSeenAt, now),
      })),
    register: estate ? registerFacts(whole) : [],
    timeline: estate ? timelineRows(whole.timeline.items, people, now) : [],
    olderEntries: estate ? whole.timeline.next : null,
    age: shownTime(device.asOf, now),
  };
}

/** What custody says more exactly than the records. */
const SAID_BY_CUSTODY: Readonly<Partial<Record<RecordDoubtCode, DoubtCode>>> = {
  vanished: 'vanished-while-held',
  'user-left': 'held-by-leaver',
};

function shownDoubts(whole: WholeDevice, permissions: ReadonlySet<Permission>): ShownDoubt[] {
  const ofCustody = whole.custody?.doubts ?? [];
  const ofRecords = whole.doubts.filter(({ code }) => ofCustody.every((doubt) => doubt.code !== SAID_BY_CUSTODY[code]));
  return [
    ...ofCustody.map(({ message, advice }) => ({ message, advice, link: null })),
    ...ofRecords.map(({ code, message, advice }) => ({ message, advice, link: wayOut(code, whole, permissions) })),
  ];
}

/** Where somebody with these permissions can do something about a doubt. */
function wayOut(
  code: RecordDoubtCode,
  { device, openReviewIds }: WholeDevice,
  permissions: ReadonlySet<Permission>,
): ShownDoubt['link'] {
  const [review] = openReviewIds;
  if (code === 'review-open' && review !== undefined && permissions.has('identity:decide')) {
    return { href: paths.review(review), text: 'Answer the review' };
  }
  const decision = modelDecision(device);
  if ((code === 'class-unknown' || code === 'class-contradicted') && permissions.has('form-factor:decide')) {
    return decision === null ? null : { href: decision, text: 'Decide it for the model' };
  }
  return null;
}

function modelDecision({ manufacturer, model }: DeviceDetail): string | null {
  return manufacturer === null || model === null ? null : paths.modelDecision(manufacturer, model);
}

function peopleFacts({ device, people, custody }: WholeDevice): Fact[] {
  const autopilot = device.records.find(({ source }) => source === 'autopilot');
  return [
    holderFact(custody),
    personFact('Primary user in Intune', device.user?.entraId ?? null, people, 'Nobody'),
    autopilot === undefined
      ? { label: 'Assigned in Autopilot', value: 'Not registered in Autopilot' }
      : { label: 'Assigned in Autopilot', value: autopilot.userPrincipalName ?? 'Nobody' },
    { label: 'Last person to sign in', value: NO_SOURCE },
    { label: 'Enrolled by', value: NO_SOURCE },
  ];
}

function holderFact(custody: WholeDevice['custody']): Fact {
  const holder = custody?.holder ?? null;
  if (holder === null) return { label: 'Holder', value: 'Nobody is recorded' };
  const value = holder.displayName ?? 'Somebody who is not in the directory';
  const left = holder.active ? {} : { note: 'Has left, or the account is disabled' };
  return { label: 'Holder', value, ...(holder.id === null ? {} : { link: paths.person(holder.id) }), ...left };
}

function custodyFacts(custody: DeviceCustodyView, now: Date): Fact[] {
  return [
    { label: 'State', value: custody.label },
    ...(custody.place === null ? [] : [{ label: 'Place', value: custody.place }]),
    ...(custody.since === null ? [] : [{ label: 'Since', value: shownTime(custody.since, now)?.text ?? '' }]),
  ];
}

/** A custody that contradicts the one that counts. */
function contradictionSentence({ label, holder, place }: CustodyView): string {
  return [label, holder && (holder.displayName ?? 'somebody who is not in the directory'), place]
    .filter(Boolean)
    .join(', ');
}

function withoutLink({ label, value, note }: Fact): Fact {
  return note === undefined ? { label, value } : { label, value, note };
}

/** A person as a fact, with a way to them and a word where they have left. */
function personFact(
  label: string,
  entraId: string | null,
  people: ReadonlyMap<string, NamedPerson>,
  nobody: string,
): Fact {
  if (entraId === null) return { label, value: nobody };
  const person = people.get(entraId);
  if (person === undefined || person.id === null) return { label, value: 'Somebody who is not in the directory' };
  return {
    label,
    value: person.displayName ?? person.userPrincipalName ?? 'Without a name',
    link: paths.person(person.id),
    ...(person.active ? {} : { note: 'Has left, or the account is disabled' }),
  };
}

function nameOf(entraId: string | null, people: ReadonlyMap<string, NamedPerson>): string | null {
  return entraId === null ? null : (people.get(entraId)?.displayName ?? null);
}

function classificationOf(
  device: DeviceDetail,
  people: ReadonlyMap<string, NamedPerson>,
  permissions: ReadonlySet<Permission>,
  now: Date,
): DeviceView['classification'] {
  const { classification } = device;
  return {
    name: FORM_FACTOR_NAMES[device.formFactor],
    superclass: SUPERCLASS_NAMES[device.superclass],
    reason: classification.reason,
    rule: classification.rule,
    confidence: `${Math.round(classification.confidence * 100)} %`,
    decidedBy: DECIDED_BY[classification.decidedBy],
    evidence: classification.evidence.map((one) => `${one.value}: ${one.reason}`),
    contradictions: classification.contradictions.map(
      (one) => `${one.value} points to ${FORM_FACTOR_NAMES[one.formFactor].toLowerCase()}`,
    ),
    override: classification.override && {
      reason: classification.override.reason,
      by: actorWords(classification.override.decidedBy, people),
      at: shownTime(classification.override.decidedAt, now),
    },
    decide: permissions.has('form-factor:decide') ? modelDecision(device) : null,
  };
}

function registerFacts({ register }: WholeDevice): Fact[] {
  if (register === null) return [];
  const pounds =
    register.pricePence === null
      ? null
      : new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' }).format(register.pricePence / 100);
  const facts: readonly (readonly [label: string, value: string | null])[] = [
    ['Location', register.location],
    ['Holder as noted', register.holderNote],
    ['Status as noted', register.registerStatus],
    ['Bought on', register.purchasedOn],
    ['Price', pounds],
    ['Supplier', register.supplier],
    ['Purchase order', register.purchaseOrder],
    ['Warranty ends on', register.warrantyEndsOn],
    ['Notes', register.notes],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}
