import { Injectable, ValidationPipe, type ArgumentMetadata, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import { InputError, type FieldError } from '../common/errors.js';
import { withWholeDays } from './form-days.js';
import { rememberRules } from './remembered-rules.js';

rememberRules();

const CHECKS: ValidatorOptions = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true };

/** Checks what a request brings against the class that describes it, and refuses whatever the class does not name. */
@Injectable()
export class ParametersPipe extends ValidationPipe {
  constructor() {
    super({
      ...CHECKS,
      transform: true,
      // Implicit conversion makes 1000 of "1e3" and true of "false".
      transformOptions: { enableImplicitConversion: false },
      exceptionFactory: (errors: ValidationError[]) => invalid(errors.flatMap(describe)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype, type } = metadata;
    // What the address itself holds has pipes of its own; here "1e3" would become the number 1000 before they see it.
    if (type !== 'query' && type !== 'body') return value;
    if (!metatype || typeof value !== 'object' || value === null) return super.transform(value, metadata);
    const names = namesOf(metatype);
    if (type === 'body' && isForm(value)) {
      const fields = withWholeDays(value, names);
      refuseUnknownFields(fields, names);
      // The checks take a class without fields for a mistake; a form of one button has none.
      return names.length === 0 ? new metatype() : super.transform(fields, metadata);
    }
    if (type !== 'query') return super.transform(value, metadata);
    refuseUnknownParameters(value, names);
    return names.length === 0 ? super.transform(value, metadata) : checkedQuery(metatype as Type<object>, value);
  }
}

/**
 * A query in its class. It holds texts and lists of texts only, so what the pipe does about values within values is left
 * out, and nothing in it has to be waited for.
 */
function checkedQuery(metatype: Type<object>, query: object): object {
  const parameters = plainToInstance(metatype, query);
  const errors = validateSync(parameters, CHECKS);
  if (errors.length > 0) throw invalid(errors.flatMap(describe));
  return parameters;
}

/** The body of a form has no prototype; that of a program is JSON. */
function isForm(body: object): boolean {
  return Object.getPrototypeOf(body) === null;
}

function namesOf(metatype: Type<unknown>): readonly string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

/** Names are checked before any of them can become a property: `constructor` and the like would mislead the checks. */
export function refuseUnknownParameters(given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const message =
    known.length === 0 ? 'is not known; this takes no parameters' : `is not known here; known are ${known.join(', ')}`;
  throw invalid(unknown.slice(0, 10).map((name) => ({ field: name.slice(0, 100), message })));
}

/** The same for forms, in words that stand alone in the summary of what is wrong. */
function refuseUnknownFields(given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw invalid(
    unknown.slice(0, 10).map((name) => {
      const field = name.slice(0, 100);
      return { field, message: `The form has no field called ${field}` };
    }),
  );
}

function describe(error: ValidationError): FieldError[] {
  // One message a field: the first says enough.
  const message = Object.values(error.constraints ?? {})[0] ?? 'is not valid';
  return [{ field: error.property, message }];
}

function invalid(fields: readonly FieldError[]): InputError {
  const names = fields.map((field) => field.field).join(', ');
  return new InputError(`Put these parameters right: ${names}.`, fields, 400);
}
