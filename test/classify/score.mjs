// Scores the built classifier against a file of labelled models. Run: npm run classify:score -- FILE [--require]
// A file placeholders.csv in the same folder, or named by --placeholders, is checked too. With --require the exit code is 1
// under the floors.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { classifyModel } from '../../dist/devices/domain/form-factor/classify.js';
import { loadFormFactorCatalogue } from '../../dist/devices/form-factor-catalogue.js';
import {
  decidedShare,
  failures,
  FLOORS,
  LABEL_COLUMNS,
  namedPlaceholders,
  percent,
  rightOfDecided,
  score,
} from './scoring.mjs';

const TITLES = {
  business: 'Business lines, portable against fixed',
  businessHoldout: 'Business lines, portable against fixed, unseen families (group_split=holdout)',
  businessWithOther: 'Business lines, servers included',
  holdout: 'All rows of unseen families (group_split=holdout)',
  all: 'All rows',
  fine: 'Fine classes (fine_ok=1)',
};
const SPEED_ROUNDS = 8;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { require: { type: 'boolean' }, placeholders: { type: 'string' } },
});
const [file] = positionals;
if (file === undefined) stop('Name the file of labelled models: npm run classify:score -- FILE');
const rows = read(file);
const missing = LABEL_COLUMNS.filter((name) => rows.length > 0 && !(name in rows[0]));
if (missing.length > 0) stop(`${file} lacks the columns ${missing.join(', ')}`);

const catalogue = loadFormFactorCatalogue();
const classify = (manufacturer, model) => classifyModel(catalogue, manufacturer, model);
const result = score(rows, classify);
for (const [name, section] of Object.entries(result.sections)) print(name, section);
printErrors(result.confidentErrors);
const missed = [
  ...failures(result),
  ...checkPlaceholders(values.placeholders ?? path.join(path.dirname(file), 'placeholders.csv')),
];
printSpeed();
console.log(missed.length === 0 ? '\nAll floors hold.' : `\nUnder the floors:\n- ${missed.join('\n- ')}`);
if (values.require && missed.length > 0) process.exitCode = 1;

function read(name) {
  return parse(readFileSync(name), { columns: true, bom: true });
}

function print(name, section) {
  console.log(`\n## ${TITLES[name]}\n`);
  const floor = FLOORS[name];
  if (floor)
    console.log(`Floors: ${percent(floor.right)} of decided machines right, ${percent(floor.decided)} decided`);
  table('', [['total', section.total]]);
  console.log(
    `macro-averaged by vendor: ${percent(section.macro.right)} right, ${percent(section.macro.decided)} decided`,
  );
  table('superclass', [...section.bySuperclass]);
  if (name === 'fine') return;
  table(
    'vendor',
    [...section.byVendor].sort((a, b) => b[1].machines.all - a[1].machines.all),
  );
}

function table(title, lines) {
  console.log(
    `\n${title.padEnd(34)}  machines: decided   right  wrong unknown  right % decided %   rows: decided   right  wrong unknown  right %`,
  );
  for (const [name, { machines, rows: counted }] of lines) {
    console.log(
      `${name.slice(0, 34).padEnd(34)}  ${counts(machines, 17)} ${percent(rightOfDecided(machines)).padStart(8)} ${percent(decidedShare(machines)).padStart(9)} ${counts(counted, 15)} ${percent(rightOfDecided(counted)).padStart(8)}`,
    );
  }
}

function counts({ decided, right, wrong, unknown }, width) {
  return `${String(decided).padStart(width)} ${String(right).padStart(7)} ${String(wrong).padStart(6)} ${String(unknown).padStart(7)}`;
}

function printErrors(errors) {
  console.log(`\n## Confident errors on business lines: ${errors.length}\n`);
  for (const { row, answer, machines } of errors) {
    const given = `${answer.class} (${answer.rule}, ${answer.confidence.toFixed(2)})`;
    console.log(
      `${row.manufacturer} | ${row.model} | label ${row.form_factor}, ${row.superclass} | given ${given} | ${machines} machines`,
    );
  }
}

function checkPlaceholders(name) {
  if (!existsSync(name)) {
    console.log(`\nNo placeholders checked: ${name} is not there`);
    return [];
  }
  const placeholders = read(name);
  const named = namedPlaceholders(placeholders, classify);
  console.log(`\n## Placeholders\n\n${placeholders.length - named.length} of ${placeholders.length} unknown`);
  return named.map(({ manufacturer, model }) => `placeholder "${manufacturer}" "${model}" was given a class`);
}

/** By processor time, so that a busy machine does not count; the best round, so that compiling does not. */
function printSpeed() {
  const speeds = Array.from({ length: SPEED_ROUNDS }, () => {
    const started = process.cpuUsage();
    for (const row of rows) classify(row.manufacturer, row.model);
    const { user, system } = process.cpuUsage(started);
    return (rows.length * 1e6) / (user + system);
  });
  const best = Math.round(Math.max(...speeds)).toLocaleString('en-GB');
  console.log(`\n${best} classifications a second of one core, nothing cached (best of ${SPEED_ROUNDS} rounds)`);
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
