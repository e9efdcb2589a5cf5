import type { CatalogueFinding, FormFactorCatalogue } from './catalogue.js';
import type {
  Classification,
  DecidedBy,
  FormFactorContradiction,
  FormFactorEvidence,
  FormFactorOverride,
} from './classification.js';
import { superclassOf, type FormFactor } from './form-factor.js';
import { contradict, readSignals, type DeviceSignals, type NamingRule, type SignalReading } from './signals.js';

/** One machine as the classifier sees it. */
export interface ClassifiedDevice {
  readonly manufacturer: string;
  readonly model: string;
  readonly signals?: DeviceSignals | undefined;
  readonly deviceOverride?: FormFactorOverride | undefined;
  readonly modelOverride?: FormFactorOverride | undefined;
}

/** A verdict without what spoke for and against it. */
type Verdict = Pick<Classification, 'class' | 'rule' | 'reason' | 'confidence' | 'decidedBy'>;

// Two hints this close to each other that point to different sides decide nothing.
const CLEAR_LEAD = 0.15;
// The usual case: only the catalogue spoke.
const NO_READINGS: readonly SignalReading[] = Object.freeze([]);
const NO_CONTRADICTIONS: readonly FormFactorContradiction[] = Object.freeze([]);
// A hint that another one contradicts is worth less.
const DOUBT = 0.6;

/** Classifies by manufacturer and model alone. */
export function classifyModel(catalogue: FormFactorCatalogue, manufacturer: string, model: string): Classification {
  return classifyDevice(catalogue, { manufacturer, model });
}

/**
 * Decides what a machine is: a person's decision about the device, then about its model, then the catalogue, and only
 * where that is silent the weak signals. Whatever points to another side is listed as a contradiction. The same input
 * always gives the same answer.
 *
 * @param namingRules the council's naming convention, from the configuration
 */
export function classifyDevice(
  catalogue: FormFactorCatalogue,
  device: ClassifiedDevice,
  namingRules: readonly NamingRule[] = [],
): Classification {
  const finding = catalogue.find(device.manufacturer, device.model);
  const readings = device.signals === undefined ? NO_READINGS : readSignals(device.signals, namingRules);
  const verdict =
    byOverride('device_override', device.deviceOverride) ??
    byOverride('model_override', device.modelOverride) ??
    byCatalogue(finding) ??
    bySignals(readings, finding);
  const evidence = evidenceOf(device, finding, readings);
  return {
    class: verdict.class,
    superclass: superclassOf(verdict.class),
    rule: verdict.rule,
    reason: verdict.reason,
    evidence,
    confidence: verdict.confidence,
    decidedBy: verdict.decidedBy,
    contradictions: contradictionsOf(verdict, evidence),
  };
}

function byOverride(
  kind: 'device_override' | 'model_override',
  override: FormFactorOverride | undefined,
): Verdict | undefined {
  if (override === undefined) return undefined;
  const rule = kind === 'device_override' ? 'override-of-device' : 'override-of-model';
  return { class: override.formFactor, rule, reason: reasonOf(override), confidence: 1, decidedBy: kind };
}

function byCatalogue(finding: CatalogueFinding): Verdict | undefined {
  if (finding.formFactor === 'unknown') return undefined;
  return verdictOf(finding.formFactor, finding.rule, finding.reason, finding.confidence, 'catalogue');
}

function bySignals(readings: readonly SignalReading[], finding: CatalogueFinding): Verdict {
  const [strongest] = readings;
  if (strongest === undefined) return verdictOf('unknown', finding.rule, finding.reason, 0, 'none');
  const against = readings.find((reading) => contradict(reading.formFactor, strongest.formFactor));
  if (against !== undefined && strongest.weight - against.weight < CLEAR_LEAD) {
    return verdictOf('unknown', 'signals-disagree', `${spoken(strongest)}, but ${spoken(against)}`, 0, 'none');
  }
  const confidence = against === undefined ? strongest.weight : strongest.weight * DOUBT;
  const rule = `signal-${strongest.signal.replaceAll('_', '-')}`;
  return verdictOf(strongest.formFactor, rule, `${finding.reason}; ${spoken(strongest)}`, confidence, 'signal');
}

function verdictOf(
  formFactor: FormFactor,
  rule: string,
  reason: string,
  confidence: number,
  decidedBy: DecidedBy,
): Verdict {
  return { class: formFactor, rule, reason, confidence, decidedBy };
}

function evidenceOf(
  device: ClassifiedDevice,
  finding: CatalogueFinding,
  readings: readonly SignalReading[],
): readonly FormFactorEvidence[] {
  const evidence: FormFactorEvidence[] = [];
  if (device.deviceOverride !== undefined) evidence.push(overrideEvidence('device_override', device.deviceOverride));
  if (device.modelOverride !== undefined) evidence.push(overrideEvidence('model_override', device.modelOverride));
  evidence.push({
    kind: 'catalogue',
    value: finding.rule,
    formFactor: finding.formFactor,
    weight: finding.confidence,
    reason: finding.reason,
  });
  for (const reading of readings) {
    const { signal, value, formFactor, weight } = reading;
    evidence.push({ kind: signal, value, formFactor, weight, reason: spoken(reading) });
  }
  return evidence;
}

function overrideEvidence(
  kind: 'device_override' | 'model_override',
  override: FormFactorOverride,
): FormFactorEvidence {
  return { kind, value: override.decidedBy, formFactor: override.formFactor, weight: 1, reason: reasonOf(override) };
}

function contradictionsOf(
  verdict: Verdict,
  evidence: readonly FormFactorEvidence[],
): readonly FormFactorContradiction[] {
  if (evidence.length === 1) return NO_CONTRADICTIONS;
  return evidence
    .filter(({ formFactor }) => contradict(formFactor, verdict.class))
    .map(({ kind, value, formFactor }) => ({ kind, value, formFactor, superclass: superclassOf(formFactor) }));
}

function reasonOf(override: FormFactorOverride): string {
  return `${override.reason} (decided by ${override.decidedBy} on ${override.decidedAt.toISOString()})`;
}

function spoken({ signal, value, formFactor }: SignalReading): string {
  return `${signal.replaceAll('_', ' ')} "${value}" points to ${formFactor.replaceAll('_', ' ')}`;
}
