import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from './api-schema.js';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** One parameter of a route, in words. */
interface ParameterView {
  readonly name: string;
  readonly takes: string;
  readonly description: string;
}

/** One route of the API. */
interface RouteView {
  readonly anchor: string;
  readonly summary: string;
  readonly description: string;
  /** Method and path. */
  readonly request: string;
  readonly parameters: readonly ParameterView[];
  readonly answer: readonly { readonly name: string; readonly type: string; readonly description: string }[];
}

/** What the page about the API shows. */
export interface ApiDocumentationView {
  readonly title: string;
  readonly introduction: readonly string[];
  readonly groups: readonly { readonly name: string; readonly routes: readonly RouteView[] }[];
}

type Described = Schema & { readonly example?: unknown; readonly default?: unknown; readonly minimum?: number };

/** Puts the API's description into the words and order in which a person reads it. */
export function apiDocumentationView(document: OpenAPIObject): ApiDocumentationView {
  const groups = new Map<string, RouteView[]>();
  for (const { path, method, operation } of operationsOf(document)) {
    const name = operation.tags?.[0] ?? 'Other';
    const parameters = (operation.parameters ?? []) as {
      name: string;
      description?: string;
      schema?: Described;
    }[];
    const content = (operation.responses['200'] as { content?: Record<string, { schema?: Schema }> } | undefined)
      ?.content;
    groups.set(name, [
      ...(groups.get(name) ?? []),
      {
        anchor: (operation.operationId ?? path).toLowerCase().replaceAll('.', '-'),
        summary: operation.summary ?? path,
        description: operation.description ?? '',
        request: `${method.toUpperCase()} ${path}`,
        parameters: parameters.map(({ name: parameter, description, schema }) => ({
          name: parameter,
          takes: inWords(schema ?? {}),
          description: plain(description ?? ''),
        })),
        answer: membersOf(content?.['application/json']?.schema ?? {}),
      },
    ]);
  }
  return {
    title: document.info.title,
    introduction: plain(document.info.description ?? '').split(/(?<=\.) (?=[A-Z])/),
    groups: [...groups].map(([name, routes]) => ({ name, routes })),
  };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

function operationsOf(document: OpenAPIObject): { path: string; method: string; operation: OperationObject }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
}

/** The members of an answer; of a list, the members of its items. */
function membersOf(schema: Schema): RouteView['answer'] {
  const item = schema.properties?.['items']?.items ?? schema;
  return Object.entries(item.properties ?? {}).map(([name, member]) => ({
    name,
    type: `${inWords(member)}${member.nullable ? ' or null' : ''}`,
    description: plain(member.description ?? ''),
  }));
}

function inWords(schema: Described): string {
  if (schema.enum) return schema.enum.join(', ');
  if (schema.format === 'date-time') return 'time in UTC';
  if (schema.format === 'uuid') return 'id (GUID)';
  if (schema.type === 'array')
    return `list of ${schema.items?.type === 'object' ? 'objects' : `${schema.items?.type}s`}`;
  return { integer: 'whole number', boolean: 'true or false', object: 'object' }[schema.type as string] ?? 'text';
}

/** Descriptions mark code with backquotes, which a page of plain text does not need. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
