import type { GraphRecord } from '../tenant/tenant-store.js';
import { propertiesOf, type ServedCollection } from './collections.js';
import { GraphFailure, notEmulated } from './graph-failure.js';
import { badRequestCode } from './projection.js';

/** A `$filter` that the emulator understood. */
export interface Filter {
  matches(record: GraphRecord): boolean;
  /** Whether Graph takes it only with `ConsistencyLevel: eventual` and `$count=true`. */
  readonly advanced: boolean;
  /** Whether the first page comes without that header and the following pages do not. */
  readonly headerFromSecondPage: boolean;
}

type Test = (record: GraphRecord) => boolean;
type Operator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
type Literal = string | number | boolean | null;

interface Rule {
  readonly operators: readonly (Operator | 'in' | 'startswith' | 'endswith' | 'contains')[];
}

const DIRECTORY_TEXT: Rule = { operators: ['eq', 'ne', 'in', 'startswith', 'endswith'] };
const DIRECTORY_BOOLEAN: Rule = { operators: ['eq', 'ne'] };
const DIRECTORY_DATE: Rule = { operators: ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] };
const EQUALITY: Rule = { operators: ['eq'] };
const PERIOD: Rule = { operators: ['lt', 'gt'] };

/**
 * What may be filtered. Directory: a part of what Graph allows, the rest is answered with 501. Intune: exactly what the
 * property descriptions of the managedDevice resource promise; it answers 400 to the rest.
 */
const FILTERABLE: Partial<Record<ServedCollection['name'], Readonly<Record<string, Rule>>>> = {
  users: {
    id: { operators: ['eq', 'ne', 'in'] },
    accountEnabled: DIRECTORY_BOOLEAN,
    city: DIRECTORY_TEXT,
    country: DIRECTORY_TEXT,
    createdDateTime: DIRECTORY_DATE,
    department: DIRECTORY_TEXT,
    displayName: DIRECTORY_TEXT,
    employeeId: DIRECTORY_TEXT,
    givenName: DIRECTORY_TEXT,
    jobTitle: DIRECTORY_TEXT,
    mail: DIRECTORY_TEXT,
    surname: DIRECTORY_TEXT,
    usageLocation: DIRECTORY_TEXT,
    userPrincipalName: DIRECTORY_TEXT,
    userType: DIRECTORY_TEXT,
  },
  devices: {
    id: { operators: ['eq', 'ne', 'in'] },
    accountEnabled: DIRECTORY_BOOLEAN,
    approximateLastSignInDateTime: DIRECTORY_DATE,
    deviceId: { operators: ['eq', 'ne', 'in'] },
    displayName: DIRECTORY_TEXT,
    isCompliant: DIRECTORY_BOOLEAN,
    isManaged: DIRECTORY_BOOLEAN,
    operatingSystem: DIRECTORY_TEXT,
    trustType: DIRECTORY_TEXT,
  },
  managedDevices: {
    deviceName: { operators: ['eq', 'contains'] },
    complianceState: EQUALITY,
    managementAgent: EQUALITY,
    managementState: EQUALITY,
    jailBroken: EQUALITY,
    deviceCategoryDisplayName: EQUALITY,
    enrolledDateTime: PERIOD,
    lastSyncDateTime: PERIOD,
  },
};

const TOKEN = /\s*(?:([(),])|('(?:[^']|'')*')|([^\s(),']+))/y;

/** Reads a `$filter` for a collection; refuses what Graph refuses and says so where only the emulator cannot. */
export function parseFilter(text: string, collection: ServedCollection): Filter {
  return new FilterParser(text, collection).parse();
}

class FilterParser {
  private readonly tokens: string[];
  private position = 0;
  private advanced = false;
  private headerFromSecondPage = false;

  constructor(
    private readonly text: string,
    private readonly collection: ServedCollection,
  ) {
    this.tokens = this.tokenise();
  }

  parse(): Filter {
    const test = this.disjunction();
    if (this.position < this.tokens.length) throw this.syntaxError();
    return { matches: test, advanced: this.advanced, headerFromSecondPage: this.headerFromSecondPage };
  }

  private disjunction(): Test {
    let left = this.conjunction();
    while (this.accept('or')) {
      const [before, after] = [left, this.conjunction()];
      left = (record) => before(record) || after(record);
    }
    return left;
  }

  private conjunction(): Test {
    let left = this.negation();
    while (this.accept('and')) {
      const [before, after] = [left, this.negation()];
      left = (record) => before(record) && after(record);
    }
    return left;
  }

  private negation(): Test {
    if (this.accept('not')) {
      this.requireDirectory('not');
      this.advanced = true;
      const inner = this.negation();
      return (record) => !inner(record);
    }
    if (this.accept('(')) {
      const inner = this.disjunction();
      this.expect(')');
      return inner;
    }
    return this.comparison();
  }

  private comparison(): Test {
    const word = this.next();
    const lower = word.toLowerCase();
    if (lower === 'startswith' || lower === 'endswith' || lower === 'contains') return this.textFunction(lower);
    if (word === 'assignedLicenses/any' && this.collection.name === 'users') return this.anyLicence();
    if (this.tokens[this.position] === '(' || word.includes('/')) throw notEmulated(`'${word}' in $filter`);
    const operator = this.next().toLowerCase();
    this.requireRule(word, operator);
    if (operator === 'in') return this.membership(word);
    if (operator === 'ne') this.advanced = true;
    const literal = this.literal();
    return (record) => compare(record[word], operator as Operator, literal);
  }

  private textFunction(name: 'startswith' | 'endswith' | 'contains'): Test {
    this.expect('(');
    const property = this.next();
    this.requireRule(property, name);
    this.expect(',');
    const literal = this.literal();
    this.expect(')');
    if (typeof literal !== 'string') throw this.syntaxError();
    if (name === 'endswith') this.advanced = true;
    const wanted = literal.toLowerCase();
    return (record) => {
      const value = record[property];
      if (typeof value !== 'string') return false;
      const held = value.toLowerCase();
      if (name === 'startswith') return held.startsWith(wanted);
      return name === 'endswith' ? held.endsWith(wanted) : held.includes(wanted);
    };
  }

  private anyLicence(): Test {
    this.expect('(');
    const [variable] = this.next().split(':');
    // The tokeniser leaves `a:a/skuId` as one word.
    const path = this.tokens[this.position - 1]?.slice((variable?.length ?? 0) + 1);
    this.expect('eq');
    const literal = this.literal();
    this.expect(')');
    if (path !== `${variable}/skuId` || typeof literal !== 'string')
      throw notEmulated('this form of assignedLicenses/any');
    this.headerFromSecondPage = true;
    return (record) =>
      Array.isArray(record['assignedLicenses']) &&
      record['assignedLicenses'].some((licence: { readonly skuId?: unknown }) => licence.skuId === literal);
  }

  private membership(property: string): Test {
    const values: Literal[] = [];
    this.expect('(');
    do values.push(this.literal());
    while (this.accept(','));
    this.expect(')');
    return (record) => values.some((value) => compare(record[property], 'eq', value));
  }

  private literal(): Literal {
    const word = this.next();
    if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'");
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
    if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(word) || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(word))
      return word;
    throw this.syntaxError();
  }

  private requireRule(property: string, operator: string): void {
    if (!propertiesOf(this.collection.type).includes(property)) {
      const message = `Could not find a property named '${property}' on type 'microsoft.graph.${this.collection.type}'.`;
      throw new GraphFailure(400, badRequestCode(this.collection), message);
    }
    const rule = FILTERABLE[this.collection.name]?.[property];
    if ((rule?.operators as readonly string[] | undefined)?.includes(operator)) return;
    if (this.collection.name !== 'managedDevices') throw notEmulated(`'${operator}' on '${property}' in $filter`);
    throw new GraphFailure(400, 'BadRequest', `Filter on property '${property}' with '${operator}' is not supported.`);
  }

  private requireDirectory(what: string): void {
    if (this.collection.family === 'directory') return;
    throw new GraphFailure(400, 'BadRequest', `The operator '${what}' is not supported in $filter.`);
  }

  private tokenise(): string[] {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    const text = this.text.trim();
    while (TOKEN.lastIndex < text.length) {
      const match = TOKEN.exec(text);
      if (!match) throw this.syntaxError();
      tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
    }
    return tokens;
  }

  private next(): string {
    const token = this.tokens[this.position];
    if (token === undefined) throw this.syntaxError();
    this.position += 1;
    return token;
  }

  private accept(word: string): boolean {
    if (this.tokens[this.position]?.toLowerCase() !== word) return false;
    this.position += 1;
    return true;
  }

  private expect(word: string): void {
    if (!this.accept(word)) throw this.syntaxError();
  }

  private syntaxError(): GraphFailure {
    return new GraphFailure(
      400,
      badRequestCode(this.collection),
      `Invalid filter clause: syntax error in '${this.text}'.`,
    );
  }
}

// Directory text compares without regard to case; instants compare as instants.
function compare(value: unknown, operator: Operator, literal: Literal): boolean {
  if (operator === 'eq' || operator === 'ne') {
    const equal =
      typeof value === 'string' && typeof literal === 'string'
        ? value.toLowerCase() === literal.toLowerCase() || sameInstant(value, literal)
        : (value ?? null) === literal;
    return equal === (operator === 'eq');
  }
  if (typeof value !== 'string' || typeof literal !== 'string') return false;
  const difference = Date.parse(value) - Date.parse(literal);
  switch (operator) {
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
  }
}

function sameInstant(left: string, right: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T/.test(left) && /^\d{4}-\d{2}-\d{2}T/.test(right) && Date.parse(left) === Date.parse(right)
  );
}
