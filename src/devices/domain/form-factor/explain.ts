import type { CatalogueFinding } from './catalogue.js';
import type { Classification } from './classification.js';

/**
 * The reasoning behind a classification as plain lines for a person: verdict, rule, reason, every piece of evidence,
 * contradictions and what would change the answer.
 */
export function explain(
  manufacturer: string,
  model: string,
  classification: Classification,
  finding: CatalogueFinding,
): string {
  const { evidence, contradictions } = classification;
  const lines = [
    `Manufacturer  ${shown(manufacturer)}`,
    `Model         ${shown(model)}`,
    `Class         ${classification.class}`,
    `Superclass    ${classification.superclass}`,
    `Rule          ${classification.rule}`,
    `Reason        ${classification.reason}`,
    `Confidence    ${classification.confidence.toFixed(2)}`,
    `Decided by    ${classification.decidedBy}`,
    `Maker         ${finding.vendor ?? 'not recognised'}`,
    `Source        ${finding.source ?? 'none'}`,
    ...evidence.map((e) => `Evidence      ${e.kind}: ${e.value} says ${e.formFactor} (${e.weight.toFixed(2)})`),
    ...contradictions.map((c) => `Contradiction ${c.kind}: ${c.value} says ${c.formFactor}`),
  ];
  if (classification.class === 'unknown') {
    lines.push('What to do    Decide it for the model in the model review, or for this device alone.');
  }
  return `${lines.join('\n')}\n`;
}

// A name from outside goes to a terminal: control characters must not reach it.
function shown(name: string): string {
  return name === '' ? '(empty)' : name.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200);
}
