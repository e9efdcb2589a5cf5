import { permissionsOf, PERMISSIONS, PERMISSIONS_OF, ROLES, isPermission, isRole } from './permissions.js';
import { permissionsOfRights, permissionsOfToken, type Rights, type Standing } from './rights.js';

function rights(standing: Standing, roles: Rights['roles'] = ['administrator']): Rights {
  return { accountId: 1, personEntraId: 'x', displayName: 'Somebody', standing, roles, isManager: false };
}

describe('roles', () => {
  it('give only permissions that there are, and reading to everybody who has one', () => {
    for (const permissions of Object.values(PERMISSIONS_OF)) expect(permissions.every(isPermission)).toBe(true);
    for (const role of ROLES) expect(permissionsOf([role]).has('estate:read')).toBe(true);
    expect([...permissionsOf([])]).toEqual(['own:read']);
  });

  it('V-07: keep the administrator from custody, stock and wiping, and the reviewer from every change', () => {
    for (const permission of ['custody:write', 'stock:write', 'wipe:record'] as const) {
      expect(permissionsOf(['administrator']).has(permission)).toBe(false);
    }
    const reviewer = [...permissionsOf(['reviewer'])];
    expect(reviewer.filter((permission) => !/:(read|export)$/.test(permission))).toEqual([]);
  });

  it('V-64: are known by their exact value', () => {
    for (const value of [
      'Administrator',
      'ADMINISTRATOR',
      ' administrator',
      'admin',
      '',
      null,
      ['administrator'],
      'àdministrator',
    ]) {
      expect([value, isRole(value)]).toEqual([value, false]);
    }
  });
});

describe('rights', () => {
  it('V-18: are none at all unless the directory has the person with an enabled account', () => {
    expect(permissionsOfRights(rights('enabled')).size).toBeGreaterThan(5);
    for (const standing of ['disabled', 'unknown', 'service'] as const) {
      expect([standing, [...permissionsOfRights(rights(standing))]]).toEqual([standing, []]);
    }
  });

  it('V-22: of a token are its scopes that its person has at that moment', () => {
    const scopes = ['estate:read', 'custody:write', 'sync:administer'] as const;
    expect([...permissionsOfToken(rights('enabled'), scopes)]).toEqual(['estate:read', 'sync:administer']);
    expect([...permissionsOfToken(rights('enabled', ['engineer']), scopes)]).toEqual(['estate:read', 'custody:write']);
    expect([...permissionsOfToken(rights('enabled', []), scopes)]).toEqual([]);
    expect([...permissionsOfToken(rights('enabled'), [])]).toEqual([]);
  });

  it('V-20: of a token without a living person are none, and of a service what the token says', () => {
    expect([...permissionsOfToken(rights('disabled'), PERMISSIONS)]).toEqual([]);
    expect([...permissionsOfToken(rights('unknown'), PERMISSIONS)]).toEqual([]);
    expect([...permissionsOfToken({ ...rights('service', []), personEntraId: null }, ['sync:read'])]).toEqual([
      'sync:read',
    ]);
  });
});
