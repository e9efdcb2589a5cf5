import type { Type } from '@nestjs/common';
import { getMetadataStorage, IsIn, IsString, Matches, validateSync } from 'class-validator';
import { rememberRules } from './remembered-rules.js';

class Asked {
  @IsString()
  q: string;
}

class AskedMore extends Asked {
  @IsIn(['yes', 'no'], { groups: ['more'] })
  more: string;

  @Matches(/^a/)
  override q: string;
}

function rulesOf(target: Type<object>, groups?: string[]): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(target, '', false, false, groups);
  return rules.map(({ propertyName, name }) => `${propertyName}: ${name}`).sort();
}

function brokenRules(value: object): string[] {
  return validateSync(value)
    .flatMap(({ constraints }) => Object.keys(constraints ?? {}))
    .sort();
}

describe('remembered rules', () => {
  const before = { asked: rulesOf(Asked), more: rulesOf(AskedMore), group: rulesOf(AskedMore, ['more']) };
  beforeAll(() => rememberRules());

  it('are the rules of the class and of those that it extends, each time', () => {
    for (let time = 0; time < 3; time++) {
      expect(rulesOf(Asked)).toEqual(before.asked);
      expect(rulesOf(AskedMore)).toEqual(before.more);
    }
    expect(before.more).not.toEqual(before.asked);
  });

  it('are gathered anew for a group', () => {
    expect(rulesOf(AskedMore, ['more'])).toEqual(before.group);
    expect(before.group).not.toEqual(before.more);
    expect(rulesOf(AskedMore)).toEqual(before.more);
  });

  it('are gathered once', () => {
    const gathered = (): unknown => getMetadataStorage().getTargetValidationMetadatas(Asked, '', false, false);
    expect(gathered()).toBe(gathered());
  });

  it('check as before', () => {
    expect(brokenRules(Object.assign(new AskedMore(), { q: 'b', more: 'perhaps' }))).toEqual(['isIn', 'matches']);
    expect(brokenRules(Object.assign(new AskedMore(), { q: 'a', more: 'yes' }))).toEqual([]);
    expect(brokenRules(Object.assign(new Asked(), { q: 5 }))).toEqual(['isString']);
    expect(brokenRules(Object.assign(new Asked(), { q: 'b' }))).toEqual([]);
  });
});
