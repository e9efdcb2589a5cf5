import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from '../../src/web/api-schema.js';

/** Every way in which a value differs from its schema, as `path: what`; empty when it fits. */
export function schemaViolations(value: unknown, schema: Schema, path = '$'): string[] {
  if (value === null) return schema.nullable ? [] : [`${path}: null`];
  if (schema.enum && !schema.enum.includes(value as string)) return [`${path}: ${JSON.stringify(value)} is not listed`];
  switch (schema.type) {
    case 'array':
      if (!Array.isArray(value)) return [`${path}: not a list`];
      return value.flatMap((item, index) => schemaViolations(item, schema.items ?? {}, `${path}[${index}]`));
    case 'object': {
      if (typeof value !== 'object' || Array.isArray(value)) return [`${path}: not an object`];
      const { properties = {}, required = [], additionalProperties } = schema;
      const members = Object.entries(value);
      return [
        ...required.filter((name) => !(name in value)).map((name) => `${path}.${name}: missing`),
        ...members.flatMap(([name, member]) => {
          const known = properties[name];
          if (known) return schemaViolations(member, known, `${path}.${name}`);
          return additionalProperties ? [] : [`${path}.${name}: not described`];
        }),
      ];
    }
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path}: ${typeof value} is not a whole number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path}: not true or false`];
    case 'string': {
      if (typeof value !== 'string') return [`${path}: not a text`];
      const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(value);
      return schema.format === 'date-time' && !isInstant ? [`${path}: ${value} is not a time in UTC`] : [];
    }
    case 'number':
    case undefined:
      return [];
  }
}

/** The schema of a route's answer in the API's description. */
export function answerSchema(document: OpenAPIObject, route: string): Schema {
  const answer = document.paths[route]?.get?.responses['200'] as { content: Record<string, { schema: Schema }> };
  const schema = answer.content['application/json']?.schema;
  if (!schema) throw new Error(`The description has no answer for ${route}.`);
  return schema;
}
