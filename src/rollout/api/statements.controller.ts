import { Body, Controller, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags, type ApiBodyOptions } from '@nestjs/swagger';
import { Access, SignedIn } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { InputError } from '../../common/errors.js';
import { Answers, choice, flag, list, orNull, record, recordId, text, whole } from '../../web/api-schema.js';
import { idempotencyKey } from '../../web/idempotency-key.js';
import { versionIn } from '../../web/if-match.js';
import { membersOf } from '../../web/json-body.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { MOVE_STATES } from '../domain/move-words.js';
import { STATEMENTS, STATEMENT_WORDS, type Statement } from '../domain/statements.js';
import {
  MOST_MOVES,
  MoveStatementsService,
  STATEMENT_EVENTS,
  type StatementResult,
  type StatementTarget,
} from '../move-statements.service.js';
import { STATEMENT_MEMBERS, statementIn, statementNamed } from './statement-body.js';

const EVENTS = Object.values(STATEMENT_EVENTS);

const STATEMENTS_IN_WORDS = STATEMENTS.map((statement) => {
  const members = STATEMENT_MEMBERS[statement].map((member) => `\`${member}\``).join(', ');
  return `- \`${statement}\`: ${STATEMENT_WORDS[statement]}${members === '' ? '' : ` (${members})`}`;
}).join('\n');

const outcomeSchema = record({
  moveId: whole(),
  ok: flag(),
  before: choice(MOVE_STATES),
  after: choice(MOVE_STATES),
  version: text('Of the move, for the next command.'),
});
const resultsSchema = record({
  results: list(
    record({
      moveId: whole(),
      ok: flag('Whether it is stated of this move.'),
      before: orNull(choice(MOVE_STATES)),
      after: orNull(choice(MOVE_STATES)),
      refusal: orNull(text('Why not.')),
    }),
  ),
});

interface Results {
  readonly results: readonly {
    readonly moveId: number;
    readonly ok: boolean;
    readonly before: string | null;
    readonly after: string | null;
    readonly refusal: string | null;
  }[];
}

/** What is stated about many moves; each with the version that was looked at, if it matters. */
const manyBody: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['statement', 'moves'],
    properties: {
      statement: { type: 'string', enum: [...STATEMENTS] },
      fields: { type: 'object', additionalProperties: true },
      moves: {
        type: 'array',
        maxItems: MOST_MOVES,
        items: {
          type: 'object',
          required: ['id'],
          properties: { id: { type: 'integer' }, version: { type: 'string' } },
        },
      },
    },
  },
};

/** What people say about moves; nobody sets a state. */
@ApiTags('Rollout')
@Controller('api/v1/moves')
export class MoveStatementsController {
  constructor(private readonly statements: MoveStatementsService) {}

  @Post('statements/preview')
  @HttpCode(200)
  @Access('rollout:read', { storesNothing: true })
  @UseGuards(NoParametersGuard)
  @Answers({ summary: 'Show what a statement about many moves would change', schema: resultsSchema, refusals: [422] })
  @ApiBody(manyBody)
  async preview(@Body() body: unknown, @Current() access: CurrentAccess): Promise<Results> {
    const { statement, targets } = manyIn(body);
    return shown(await this.statements.preview(targets, statement, access));
  }

  @Post('statements')
  @HttpCode(200)
  @Access('rollout:read', { audit: EVENTS })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'State the same about many moves',
    description: 'In one transaction; moves of which it cannot be stated are left out and named.',
    schema: resultsSchema,
    refusals: [422],
  })
  @ApiBody(manyBody)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  async stateMany(
    @Body() body: unknown,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<Results> {
    const { statement, targets } = manyIn(body);
    return shown(await this.statements.stateMany(targets, statement, access, idempotencyKey(key)));
  }

  @Post(':id/:statement')
  @HttpCode(200)
  // Who may say what is for the service: it goes by the line, which no permission knows.
  @SignedIn({ audit: EVENTS })
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'State something about a move',
    description:
      `The statements, and the members of their bodies:\n\n${STATEMENTS_IN_WORDS}\n\n` +
      '403 for what is not for the caller to say, 409 when the move is not in a state that allows it, 412 when something ' +
      'became known of it since, 422 for what cannot be, 428 without `If-Match`.',
    schema: outcomeSchema,
    parameter: recordId('move'),
    refusals: [409, 422],
  })
  @ApiBody({ schema: { type: 'object', additionalProperties: true } })
  @ApiHeader({
    name: 'If-Match',
    required: true,
    description: 'Version of the move that was looked at, in quotation marks.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  state(
    @Param('id', RecordIdPipe) moveId: number,
    @Param('statement') word: string,
    @Body() body: unknown,
    @Current() access: CurrentAccess,
    @Headers('if-match') ifMatch?: string,
    @Headers('idempotency-key') key?: string,
  ): Promise<StatementResult> {
    const name = statementNamed(word);
    const version = versionIn(ifMatch, 'move');
    return this.statements.state({ moveId, version }, statementIn(name, body), access, idempotencyKey(key));
  }
}

function manyIn(body: unknown): { readonly statement: Statement; readonly targets: readonly StatementTarget[] } {
  const { statement, fields = {}, moves } = membersOf(body, ['statement', 'fields', 'moves']);
  if (!Array.isArray(moves) || moves.length === 0 || moves.length > MOST_MOVES) {
    throw wrong('moves', `give 1 to ${MOST_MOVES} moves`);
  }
  const targets = moves.map((move: unknown, index): StatementTarget => {
    const { id, version = null } = membersOf(move, ['id', 'version']);
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > 2_147_483_647) {
      throw wrong(`moves[${index}].id`, 'give the number of a move');
    }
    if (version !== null && typeof version !== 'string') throw wrong(`moves[${index}].version`, 'give a version');
    return { moveId: id, version };
  });
  return { statement: statementIn(statementNamed(statement), fields), targets };
}

function wrong(field: string, message: string): InputError {
  return new InputError('Put the request right.', [{ field, message }], 400);
}

function shown(results: readonly StatementResult[]): Results {
  return {
    results: results.map((result) =>
      result.ok
        ? { moveId: result.moveId, ok: true, before: result.before, after: result.after, refusal: null }
        : { moveId: result.moveId, ok: false, before: null, after: null, refusal: result.refusal.message },
    ),
  };
}
