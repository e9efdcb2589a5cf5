import type { GraphRecord } from '../tenant/tenant-store.js';
import { absentValue, propertiesOf, type ServedCollection } from './collections.js';
import { GraphFailure, notEmulated } from './graph-failure.js';
import { intuneMessage } from './faults/answers.js';
import { alterationKey, alterRecords } from './faults/records.js';
import { mayCall, mayReadUserProperties } from './permissions.js';
import { parseManagerExpand, parseSelect, type Projection } from './projection.js';
import { collectionNamed } from './routes.js';
import {
  contextUrl,
  type GraphContext,
  type ServiceCall,
  type ServiceResult,
  visibilityDelay,
} from './service-call.js';

const ENTITY_OPTIONS: readonly string[] = ['select', 'expand'];

/** Answers `GET` of one record by its id; users also by their user principal name. */
export function readItem(
  collection: ServedCollection,
  id: string,
  call: ServiceCall,
  context: GraphContext,
): ServiceResult {
  refuseOtherOptions(call);
  const managers = parseManagerExpand(call.options, collection);
  if (managers !== undefined && collection.name !== 'users') throw notEmulated('$expand on this path');
  const projection = permittedProjection(parseSelect(call.options.values.get('select'), collection, false), call);
  if (managers !== undefined && !mayCall('/users/{id}/manager', call.grant.roles)) throw privilegesMissing();
  const record = findRecord(collection, id, call, context);
  const fragment = `${collection.contextPath}${projection.context}/$entity`;
  let text = context.serialiser.serialise(record, projection);
  if (managers !== undefined) {
    const manager = managerOf(record, context);
    if (manager !== undefined) text = `${text.slice(0, -1)},"manager":${typed(manager, managers, context)}}`;
  }
  return { body: withContext(text, contextUrl(call, fragment)) };
}

/** Answers `GET /users/{id}/manager`. */
export function readManager(id: string, call: ServiceCall, context: GraphContext): ServiceResult {
  refuseOtherOptions(call);
  if (call.options.values.has('expand')) throw notEmulated('$expand on this path');
  const users = collectionNamed('users');
  const projection = permittedProjection(parseSelect(call.options.values.get('select'), users, false), call);
  const manager = managerOf(findRecord(users, id, call, context), context);
  if (manager === undefined) throw directoryNotFound('manager');
  return { body: withContext(typed(manager, projection, context), contextUrl(call, 'directoryObjects/$entity')) };
}

/** Answers `GET /organization` with the one organisation that the tenant is. */
export function readOrganization(call: ServiceCall, context: GraphContext): ServiceResult {
  for (const option of call.options.values.keys()) {
    if (option !== 'select')
      throw new GraphFailure(400, 'Request_BadRequest', `'$${option}' is not supported by the service.`);
  }
  const known = propertiesOf('organization');
  const select = call.options.values
    .get('select')
    ?.split(',')
    .map((name) => name.trim());
  const unknown = select?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const message = `Could not find a property named '${unknown}' on type 'microsoft.graph.organization'.`;
    throw new GraphFailure(400, 'Request_BadRequest', message);
  }
  const domains = new Set<string>();
  for (const { userPrincipalName } of context.view.tenant.list('users')) {
    const domain = typeof userPrincipalName === 'string' ? userPrincipalName.split('@')[1] : undefined;
    if (domain !== undefined) domains.add(domain);
  }
  const held: Readonly<Record<string, unknown>> = {
    id: context.tenantId,
    displayName: 'Demonstration council (synthetic)',
    countryLetterCode: 'GB',
    defaultUsageLocation: 'GB',
    preferredLanguage: 'en',
    tenantType: 'AAD',
    mobileDeviceManagementAuthority: 'intune',
    verifiedDomains: [...domains].map((name, index) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: index === 0,
      isInitial: index === 0,
      name,
      type: 'Managed',
    })),
  };
  const shown = Object.fromEntries(
    [...new Set([...(select ?? known), 'id'])].map((name) => [name, held[name] ?? absentValue('organization', name)]),
  );
  const projection = select === undefined ? '' : `(${select.join(',')})`;
  return { body: JSON.stringify({ '@odata.context': contextUrl(call, `organization${projection}`), value: [shown] }) };
}

function refuseOtherOptions(call: ServiceCall): void {
  const refused = [...call.options.values.keys()].find((option) => !ENTITY_OPTIONS.includes(option));
  if (refused === undefined) return;
  throw new GraphFailure(400, 'Request_BadRequest', `Query option '$${refused}' is not allowed for a single record.`);
}

function permittedProjection(projection: Projection, call: ServiceCall): Projection {
  if (projection.type !== 'user') return projection;
  const { roles } = call.grant;
  if (!projection.explicit) {
    return {
      ...projection,
      properties: projection.properties.filter((property) => mayReadUserProperties([property], roles)),
    };
  }
  if (!mayReadUserProperties(projection.properties, roles)) throw privilegesMissing();
  return projection;
}

function findRecord(collection: ServedCollection, id: string, call: ServiceCall, context: GraphContext): GraphRecord {
  const { view } = context;
  const delay = visibilityDelay(call);
  const wanted = id.toLowerCase();
  let record = delay === 0 && alterationKey(call.effects) === '' ? view.tenant.get(collection.name, wanted) : undefined;
  if (record === undefined) {
    const listed = view.list(collection.name, delay);
    const records = alterRecords(listed, call.effects) ?? listed;
    const byName = collection.name === 'users' && id.includes('@');
    record = records.find(
      (candidate) => String(byName ? candidate['userPrincipalName'] : candidate.id).toLowerCase() === wanted,
    );
  }
  if (record !== undefined) return record;
  throw collection.family === 'directory'
    ? directoryNotFound(id)
    : new GraphFailure(404, 'ResourceNotFound', intuneMessage(`The resource ${id} was not found.`));
}

function managerOf(user: GraphRecord, context: GraphContext): GraphRecord | undefined {
  const managerId = context.view.tenant.managerOf(user.id);
  return managerId === null ? undefined : context.view.tenant.get('users', managerId);
}

function typed(record: GraphRecord, projection: Projection, context: GraphContext): string {
  return `{"@odata.type":"#microsoft.graph.user",${context.serialiser.serialise(record, projection).slice(1)}`;
}

function withContext(text: string, url: string): string {
  return `{"@odata.context":${JSON.stringify(url)},${text.slice(1)}`;
}

function directoryNotFound(id: string): GraphFailure {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return new GraphFailure(404, 'Request_ResourceNotFound', message);
}

function privilegesMissing(): GraphFailure {
  return new GraphFailure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}
