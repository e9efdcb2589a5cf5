import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { InputError } from '../../common/errors.js';
import { FormPost, Submission } from '../../web/form.js';
import { ListQuery } from '../../web/list-page.js';
import { listAddress, readListRequest, type RawQuery } from '../../web/list-request.js';
import { pageView, type PageView } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { paths } from '../../web/paths.js';
import { valuesOf, type FormValues } from '../../web/submitted-form.js';
import { STATEMENT_WORDS } from '../domain/statements.js';
import { MOST_MOVES, MoveStatementsService, NotOfAllError, STATEMENT_EVENTS } from '../move-statements.service.js';
import { MovesQueries } from '../moves.queries.js';
import { ProgrammeQueries } from '../programme.queries.js';
import { BULK_STATEMENTS, bulkLines, bulkStatementNamed, modeIn, targetsIn, typedFields } from './bulk-form.js';
import { commonFields, type FormStatement } from './statement-fields.js';
import { readStatement } from './statement-input.js';
import { STATEMENT_EXPLANATIONS } from './statement-words.js';
import { WORKBENCH_LIST } from './workbench-list.js';

/** What is said of the moves of one list. */
interface BulkRequest {
  readonly statement: FormStatement | null;
  /** The filters of the list, as its address has them. */
  readonly query: Readonly<Record<string, string>>;
  /** The moves, at most one more than can be named at once. */
  readonly moves: readonly number[];
}

/** One statement about all moves of a list: choose it, fill it in, look at what would become of each, and say it. */
@Controller('rollout/workbench/bulk')
export class WorkbenchBulkController {
  constructor(
    private readonly programmes: ProgrammeQueries,
    private readonly moves: MovesQueries,
    private readonly statements: MoveStatementsService,
  ) {}

  @Page('')
  @Access('rollout:manage')
  async form(@ListQuery() raw: RawQuery): Promise<PageView> {
    const { statement, query, moves } = await this.#requested(raw);
    const isTooMany = moves.length > MOST_MOVES;
    return pageView('rollout/web/bulk.njk', {
      ...surroundings(statement, query),
      moves: moves.length,
      isTooMany,
      most: MOST_MOVES,
      filters: Object.entries(query).map(([name, value]) => ({ name, value })),
      statements: BULK_STATEMENTS.map((value) => ({ value, text: STATEMENT_WORDS[value] })),
      fields: statement === null ? [] : commonFields(statement),
      action: addressOf('', statement, query),
    });
  }

  @FormPost('', { form: 'form' })
  @Access('rollout:manage', { storesNothing: true })
  async preview(
    @ListQuery() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
  ): Promise<PageView> {
    const { statement: name, query, moves } = await this.#requested(raw);
    const statement = readStatement(chosen(name), valuesOf(request));
    const targets = moves.map((moveId) => ({ moveId, version: null }));
    const results = await this.statements.preview(targets, statement, access);
    const lines = bulkLines(results, await this.moves.some(moves));
    return pageView('rollout/web/bulk-preview.njk', {
      ...surroundings(name, query),
      typed: typedFields(valuesOf(request)),
      possible: lines.filter(({ refusal }) => refusal === null),
      refused: lines.filter(({ refusal }) => refusal !== null),
      action: addressOf('/do', name, query),
      again: addressOf('', name, query),
    });
  }

  @FormPost('do', { form: 'form' })
  @Access('rollout:manage', { audit: BULK_STATEMENTS.map((statement) => STATEMENT_EVENTS[statement]) })
  async state(
    @ListQuery() raw: RawQuery,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() submission: string,
  ): Promise<PageView> {
    // The list itself is not asked again: what was ticked counts, and the list may be another by now.
    const { [STATEMENT]: word, ...filters } = raw;
    const name = chosen(bulkStatementNamed(word));
    const { query } = await readListRequest(WORKBENCH_LIST, filters);
    const { move, mode, ...typed }: FormValues = valuesOf(request);
    const statement = readStatement(name, typed);
    const targets = targetsIn(move);
    const outcome = await this.#state(() =>
      this.statements.stateMany(targets, statement, access, submission, modeIn(mode)),
    );
    const lines = bulkLines(outcome.results, await this.moves.some(targets.map(({ moveId }) => moveId)));
    const refused = lines.filter(({ refusal }) => refusal !== null);
    return pageView('rollout/web/bulk-result.njk', {
      ...surroundings(name, query),
      isNone: outcome.isNone,
      done: outcome.isNone ? 0 : lines.length - refused.length,
      refused,
    });
  }

  async #state(work: () => ReturnType<MoveStatementsService['stateMany']>) {
    try {
      return { results: await work(), isNone: false };
    } catch (error) {
      if (error instanceof NotOfAllError) return { results: error.results, isNone: true };
      throw error;
    }
  }

  async #requested(raw: RawQuery): Promise<BulkRequest> {
    const { [STATEMENT]: word, ...given } = raw;
    const [programme, { parameters, query }] = await Promise.all([
      this.programmes.current(),
      readListRequest(WORKBENCH_LIST, given),
    ]);
    if (parameters === null) throw new InputError('Put the filters of the list right first.', [], 400);
    const moves = programme === null ? [] : await this.moves.idsOf(programme.id, parameters, MOST_MOVES + 1);
    return { statement: bulkStatementNamed(word), query, moves };
  }
}

const STATEMENT = 'statement';

function chosen(statement: FormStatement | null): FormStatement {
  if (statement === null) throw new InputError('Choose first what is to be said.');
  return statement;
}

function surroundings(statement: FormStatement | null, query: BulkRequest['query']): object {
  const label = statement === null ? '' : STATEMENT_WORDS[statement];
  return {
    title: statement === null ? 'For all of this list' : `${label}: for all of this list`,
    section: 'workbench',
    statement,
    label,
    explanation: statement === null ? '' : STATEMENT_EXPLANATIONS[statement].explanation,
    list: listAddress(paths.workbench(), query),
  };
}

function addressOf(step: '' | '/do', statement: FormStatement | null, query: BulkRequest['query']): string {
  const parameters = { ...query, ...(statement === null ? {} : { [STATEMENT]: statement }) };
  return paths.workbenchBulk(step, new URLSearchParams(parameters).toString());
}
