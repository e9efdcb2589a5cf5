import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InputError } from '../../common/errors.js';
import { planLines, type DraftLine, type PlannedThings } from '../domain/line-plan.js';
import { BeneficiariesQueries, type Beneficiary } from './beneficiaries.queries.js';
import { CatalogueQueries } from './catalogue.queries.js';

/** Works out the lines of drafts from bundles, items and what people have. */
@Injectable()
export class DraftPlanningQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly beneficiaries: BeneficiariesQueries,
    private readonly catalogue: CatalogueQueries,
  ) {}

  /**
   * The lines of a draft for each of these people.
   * @param before lines that were there before, whose reasons and machines stay
   * @throws InputError for people who are not in the directory or have no bundle for their work style, or for nothing at all
   */
  async plan(
    entraIds: readonly string[],
    things: PlannedThings,
    before: readonly DraftLine[] = [],
  ): Promise<readonly DraftLine[]> {
    const [people, holdings, catalogue] = await Promise.all([
      this.beneficiaries.some(entraIds),
      this.beneficiaries.holdings(this.dataSource.manager, entraIds, null),
      this.catalogue.offered(),
    ]);
    if (people.length < entraIds.length) throw refused('people', 'Choose people who are in the directory');
    const { lines, withoutBundle } = planLines(
      people.map(({ entraId, workStyle }) => ({
        entraId,
        workStyle,
        machines: holdings.get(entraId)?.machines ?? [],
      })),
      things,
      catalogue,
      before,
    );
    if (withoutBundle.length > 0) {
      const some = someOf(people.filter(({ entraId }) => withoutBundle.includes(entraId)));
      throw refused(
        'bundle',
        `There is no bundle for the work style of ${some}. Choose one bundle for everybody, or leave them out`,
      );
    }
    if (lines.length === 0) throw refused('bundle', 'Choose a bundle, or enter how many of something');
    const getSomething = new Set(lines.map(({ beneficiaryEntraId }) => beneficiaryEntraId));
    const others = people.filter(({ entraId }) => !getSomething.has(entraId));
    if (others.length > 0) {
      throw refused(
        'bundle',
        `Nothing is chosen for ${someOf(others)}. Choose a bundle, or enter how many of something`,
      );
    }
    return lines;
  }
}

/** Names of some people, the first of them when there are many. */
function someOf(people: readonly Beneficiary[]): string {
  const names = people.map(({ displayName }) => displayName ?? 'somebody without a name');
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

function refused(field: string, message: string): InputError {
  return new InputError('Put the request right.', [{ field, message }]);
}
