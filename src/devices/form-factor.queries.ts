import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  DEFAULT_LIMIT,
  decodeCursor,
  encodeCursor,
  invalidCursor,
  type Page,
  type PageRequest,
} from '../common/paging.js';
import { boundedCountOf, type Count } from '../database/bounded-count.js';
import { asOf } from '../database/keyset-page.js';
import { SqlConditions, utc } from '../database/sql-conditions.js';
import { DEVICE_SOURCES } from './device-record.entity.js';
import type { ChangeCause } from './form-factor-change.entity.js';
import { loadFormFactorCatalogue } from './form-factor-catalogue.js';
import type {
  DecidedBy,
  FormFactorContradiction,
  FormFactorEvidence,
  ModelState,
} from './domain/form-factor/classification.js';
import type { FormFactor, Superclass } from './domain/form-factor/form-factor.js';

/** A model of the estate with what hangs on it. */
export interface ModelView {
  /** As one of its machines reports it. */
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly state: ModelState;
  /** Machines that are present, and how many of them are unknown and contradicted. */
  readonly machines: number;
  readonly unknown: number;
  readonly contradicted: number;
  readonly classes: readonly { readonly formFactor: FormFactor; readonly machines: number }[];
  /** How the first example was decided; the most doubtful machines come first. */
  readonly rule: string;
  readonly decidedBy: DecidedBy;
  readonly confidence: number;
  readonly reason: string;
  readonly evidence: readonly FormFactorEvidence[];
  readonly contradictions: readonly FormFactorContradiction[];
  readonly exampleDeviceIds: readonly number[];
  /** What a person decided about the model; null when nobody did. */
  readonly override: OverrideView | null;
}

/** A decision of a person that holds. */
export interface OverrideView {
  readonly id: number;
  readonly formFactor: FormFactor;
  readonly reason: string;
  readonly decidedBy: string;
  readonly decidedAt: string;
}

/** How a machine's class is known, and every change of it, the latest first. */
export interface ClassificationView {
  readonly rule: string | null;
  readonly reason: string | null;
  readonly confidence: number;
  readonly decidedBy: DecidedBy;
  readonly contradicted: boolean;
  readonly evidence: readonly FormFactorEvidence[];
  readonly contradictions: readonly FormFactorContradiction[];
  /** When it last came out differently; null before the machine was classified. */
  readonly at: string | null;
  /** What a person decided about this machine. */
  readonly override: OverrideView | null;
  readonly history: readonly {
    readonly from: FormFactor;
    readonly fromSuperclass: Superclass;
    readonly to: FormFactor;
    readonly toSuperclass: Superclass;
    readonly rule: string;
    readonly cause: ChangeCause;
    readonly reason: string;
    readonly by: string | null;
    readonly at: string;
  }[];
}

/** What the list of models may be narrowed to. */
export interface ModelFilter {
  readonly state?: ModelState | undefined;
  /** As a machine reports it; other names of the same maker are found too. */
  readonly manufacturer?: string | undefined;
  /** Only models some machine of which is of this class. */
  readonly formFactor?: FormFactor | undefined;
}

/** What a decision about a model bears on: all its machines, also those that no source shows any more. */
export interface ModelSubject {
  readonly manufacturer: string;
  readonly model: string;
  readonly machines: number;
  /** Machines about which somebody has decided one by one; a decision about the model leaves them as they are. */
  readonly decidedOneByOne: number;
  readonly classes: readonly { readonly formFactor: FormFactor; readonly machines: number; readonly free: number }[];
  readonly override: OverrideView | null;
}

/** Order of the list, as cursors name it. */
const ORDER = 'machines';
const EXAMPLES = 5;
/** Changes of one machine that are shown. */
const HISTORY_SHOWN = 100;

/** Counts over the machines of one model. */
const UNKNOWN = `count(*) filter (where device.form_factor = 'unknown')`;
const CONTRADICTED = 'count(*) filter (where device.form_factor_contradicted)';
const STATES: Readonly<Record<ModelState, string>> = {
  unknown: `${UNKNOWN} > 0`,
  contradicted: `${CONTRADICTED} > 0`,
  decided: `${UNKNOWN} = 0 and ${CONTRADICTED} = 0`,
};

/** Machines that count: classified ones that are there, each once. */
const COUNTED = `device.merged_into_id is null and device.presence = 'present' and device.model_key is not null`;

/** Reads what the models of the estate are, and on how many machines each decision bears. */
@Injectable()
export class FormFactorQueries {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * One page of the models that present machines are of, those with the most machines first.
   * @throws InputError for a cursor of another list.
   */
  async models(filter: ModelFilter, request: PageRequest): Promise<Page<ModelView>> {
    const { rows, groups } = grouping(filter);
    if (request.cursor !== undefined) {
      const after = placeOf(request.cursor);
      const [machines, manufacturer, model] = after.map((value) => rows.parameter(value));
      groups.push(
        `(-count(*), device.manufacturer_key, device.model_key) > (-${machines}::bigint, ${manufacturer}::text, ${model}::text)`,
      );
    }
    const size = request.limit ?? DEFAULT_LIMIT;
    const [answer] = await this.dataSource.query<Answer[]>(
      `with model as materialized (
         select device.manufacturer_key, device.model_key, count(*) as machines, ${UNKNOWN} as unknown,
                ${CONTRADICTED} as contradicted
         from device where ${rows.toSql()}
         group by device.manufacturer_key, device.model_key
         having ${groups.join(' and ')}
         order by count(*) desc, device.manufacturer_key, device.model_key limit ${size + 1}
       )
       select (select json_agg(json_build_array(model.machines, model.manufacturer_key, model.model_key)
                               order by model.machines desc, model.manufacturer_key, model.model_key) from model) as keys,
       (select json_agg(json_build_object(
           'manufacturer', example.manufacturer, 'model', example.model,
           'state', case when model.unknown > 0 then 'unknown' when model.contradicted > 0 then 'contradicted'
                         else 'decided' end,
           'machines', model.machines, 'unknown', model.unknown, 'contradicted', model.contradicted,
           'classes', classes.items, 'rule', example.form_factor_rule, 'decidedBy', example.form_factor_decided_by,
           'confidence', example.form_factor_confidence, 'reason', example.form_factor_evidence -> 'reason',
           'evidence', example.form_factor_evidence -> 'evidence',
           'contradictions', example.form_factor_evidence -> 'contradictions',
           'exampleDeviceIds', example.ids, 'override', ${modelOverride('model.manufacturer_key', 'model.model_key')}
         ) order by model.machines desc, model.manufacturer_key, model.model_key)
         from model
         cross join lateral (
           select json_agg(json_build_object('formFactor', form_factor, 'machines', machines)
                           order by machines desc, form_factor) as items
           from (select device.form_factor, count(*) as machines from device
                 where ${COUNTED} and device.manufacturer_key = model.manufacturer_key
                   and device.model_key = model.model_key
                 group by device.form_factor) as counted) as classes
         cross join lateral (
           select (array_agg(doubtful.id order by doubtful.place))[1:${EXAMPLES}] as ids,
                  (array_agg(doubtful.id order by doubtful.place))[1] as first
           from (select device.id, row_number() over (order by ${doubtfulFirst('device')}) as place from device
                 where ${COUNTED} and device.manufacturer_key = model.manufacturer_key
                   and device.model_key = model.model_key
                 order by ${doubtfulFirst('device')} limit ${EXAMPLES}) as doubtful) as picked
         cross join lateral (select device.*, picked.ids from device where device.id = picked.first) as example
       ) as items, ${asOf(rows.parameter(DEVICE_SOURCES))} as as_of`,
      rows.parameters,
    );
    const last = answer?.keys?.[size] === undefined ? undefined : answer.keys[size - 1];
    return {
      items: (answer?.items ?? []).slice(0, size),
      next: last === undefined ? null : encodeCursor(ORDER, { value: JSON.stringify(last), id: 0 }),
      asOf: answer?.as_of ?? null,
    };
  }

  /** How many models match. */
  count(filter: ModelFilter): Promise<Count> {
    const { rows, groups } = grouping(filter);
    const sql = `select from device where ${rows.toSql()}
      group by device.manufacturer_key, device.model_key having ${groups.join(' and ')}`;
    return boundedCountOf(this.dataSource, sql, rows.parameters);
  }

  /**
   * What a decision about a model would bear on, as the machines are now.
   * @returns null when no machine is of this model, or when the name is one that firmware carries where nobody entered one.
   */
  async subject(manufacturer: string, model: string): Promise<ModelSubject | null> {
    const key = loadFormFactorCatalogue().keyOf(manufacturer, model);
    if (key.isPlaceholder) return null;
    const [row] = await this.dataSource.query<
      { classes: ModelSubject['classes'] | null; override: OverrideView | null }[]
    >(
      `select ${modelOverride('$1', '$2')} as override,
         (select json_agg(json_build_object('formFactor', form_factor, 'machines', machines, 'free', free)
                          order by machines desc, form_factor)
          from (select device.form_factor, count(*) as machines,
                       count(*) filter (where device.form_factor_decided_by <> 'device_override') as free
                from device where device.merged_into_id is null
                  and device.manufacturer_key = $1 and device.model_key = $2
                group by device.form_factor) as counted) as classes`,
      [key.manufacturer, key.model],
    );
    const classes = row?.classes ?? [];
    const machines = classes.reduce((sum, each) => sum + each.machines, 0);
    if (machines === 0 && !row?.override) return null;
    const decidedOneByOne = classes.reduce((sum, each) => sum + each.machines - each.free, 0);
    return { manufacturer, model, machines, decidedOneByOne, classes, override: row?.override ?? null };
  }
}

/** What is counted, and what the groups of it must be like. */
function grouping(filter: ModelFilter): { rows: SqlConditions; groups: string[] } {
  const rows = new SqlConditions().always(COUNTED);
  if (filter.manufacturer !== undefined) {
    const key = loadFormFactorCatalogue().manufacturerKey(filter.manufacturer);
    rows.add(key, (value) => `device.manufacturer_key = ${value}`);
  }
  const groups: string[] = filter.state === undefined ? ['true'] : [STATES[filter.state]];
  if (filter.formFactor !== undefined) {
    groups.push(`count(*) filter (where device.form_factor = ${rows.parameter(filter.formFactor)}) > 0`);
  }
  return { rows, groups };
}

/** Where a model stands in the list. */
type Place = readonly [machines: number, manufacturerKey: string, modelKey: string];

interface Answer {
  readonly keys: readonly Place[] | null;
  readonly items: readonly ModelView[] | null;
  readonly as_of: string | null;
}

function doubtfulFirst(table: string): string {
  return `${table}.form_factor = 'unknown' desc, ${table}.form_factor_contradicted desc, ${table}.id`;
}

function placeOf(cursor: string): Place {
  const { value } = decodeCursor(ORDER, cursor);
  let keys: unknown;
  try {
    keys = JSON.parse(value ?? '');
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(keys) || keys.length !== 3) throw invalidCursor();
  const [machines, manufacturer, model] = keys as [unknown, unknown, unknown];
  const isText = (key: unknown): key is string => typeof key === 'string' && !key.includes('\0');
  if (!Number.isSafeInteger(machines) || !isText(manufacturer) || !isText(model)) throw invalidCursor();
  return [machines as number, manufacturer, model];
}

const OVERRIDE = `json_build_object('id', override.id, 'formFactor', override.form_factor, 'reason', override.reason,
  'decidedBy', override.decided_by, 'decidedAt', ${utc('override.decided_at')})`;

/** SQL of the live decision about a model as a JSON object, or null. */
function modelOverride(manufacturerKey: string, modelKey: string): string {
  return `(select ${OVERRIDE} from model_override override
           where override.manufacturer_key = ${manufacturerKey} and override.model_key = ${modelKey}
             and override.withdrawn_at is null)`;
}

/** SQL of a `ClassificationView` over `device`. */
export const CLASSIFICATION = `json_build_object(
  'rule', device.form_factor_rule, 'reason', device.form_factor_evidence -> 'reason',
  'confidence', device.form_factor_confidence, 'decidedBy', device.form_factor_decided_by,
  'contradicted', device.form_factor_contradicted,
  'evidence', coalesce(device.form_factor_evidence -> 'evidence', '[]'),
  'contradictions', coalesce(device.form_factor_evidence -> 'contradictions', '[]'),
  'at', ${utc('device.form_factor_at')},
  'override', (select ${OVERRIDE} from device_form_factor_override override
               where override.device_id = device.id and override.withdrawn_at is null),
  'history', (
    select coalesce(json_agg(json_build_object(
      'from', change.from_form_factor, 'fromSuperclass', change.from_superclass, 'to', change.to_form_factor,
      'toSuperclass', change.to_superclass, 'rule', change.rule, 'cause', change.cause, 'reason', change.reason,
      'by', change.changed_by, 'at', ${utc('change.changed_at')}) order by change.id desc), '[]')
    from (select * from form_factor_change where device_id = device.id order by id desc limit ${HISTORY_SHOWN}) change))`;
