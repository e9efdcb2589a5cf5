import { Controller, Param, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Access, SignedIn } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { ConflictError, InputError, NotFoundError } from '../../common/errors.js';
import { FormPost, Submission } from '../../web/form.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { paths } from '../../web/paths.js';
import { valuesOf } from '../../web/submitted-form.js';
import { STATEMENTS, STATEMENT_WORDS } from '../domain/statements.js';
import { MoveStandpointQueries } from '../move-standpoint.queries.js';
import { MoveChangedError, MoveStatementsService, STATEMENT_EVENTS } from '../move-statements.service.js';
import { fieldsOf, type FormStatement } from './statement-fields.js';
import { readStatement } from './statement-input.js';
import { STATEMENT_EXPLANATIONS } from './statement-words.js';
import { stateTag } from './move-tags.js';

const EVENTS = Object.values(STATEMENT_EVENTS).filter((event) => event !== STATEMENT_EVENTS.answer);

/** A form for every statement about a move. */
@Controller('moves/:id')
export class StatementsController {
  constructor(
    private readonly standpoints: MoveStandpointQueries,
    private readonly statements: MoveStatementsService,
  ) {}

  @Page(':statement')
  @Access('rollout:read', { own: 'move' })
  @UseGuards(NoParametersGuard)
  async form(
    @Param('id', RecordIdPipe) id: number,
    @Param('statement') word: string,
    @Current() access: CurrentAccess,
  ): Promise<PageView> {
    const statement = statementNamed(word);
    const { move, standpoint } = await this.standpoints.concerning(id, access);
    const label = STATEMENT_WORDS[statement];
    const person = move.person.displayName ?? 'Without a name';
    return pageView('rollout/web/statement.njk', {
      title: `${label}: ${person}`,
      section: access.permissions.has('rollout:read') ? 'workbench' : 'my-team',
      id,
      label,
      statement,
      version: move.version,
      tag: stateTag(move.state),
      explanation: STATEMENT_EXPLANATIONS[statement].explanation,
      possible: standpoint.statements.includes(statement),
      fields: fieldsOf(statement, move, new Date()),
    });
  }

  @FormPost(':statement', { form: 'form' })
  // Who may say what is for the service: it goes by the line, which no permission knows.
  @SignedIn({ audit: EVENTS })
  async state(
    @Param('id', RecordIdPipe) moveId: number,
    @Param('statement') word: string,
    @Req() request: FastifyRequest,
    @Current() access: CurrentAccess,
    @Submission() submission: string,
  ): Promise<Redirect> {
    const name = statementNamed(word);
    await this.standpoints.concerning(moveId, access);
    const { version, ...typed } = valuesOf(request);
    if (typeof version !== 'string' || !/^(0|[1-9]\d{0,17})$/.test(version)) {
      throw new InputError('The form came without its version. Load the page again and send it once more.');
    }
    const { machine } = typed;
    const deviceId =
      name === 'state-desktop'
        ? await this.standpoints.machineNamed(typeof machine === 'string' ? machine.slice(0, 200) : '')
        : null;
    const statement = readStatement(name, typed, deviceId);
    try {
      await this.statements.state({ moveId, version }, statement, access, submission);
    } catch (error) {
      // A form shows itself again, with what was typed, on top of what is there now.
      if (error instanceof MoveChangedError) throw new ConflictError(error.message);
      throw error;
    }
    return redirectTo(paths.move(moveId), STATEMENT_EXPLANATIONS[name].done);
  }
}

function statementNamed(word: string): FormStatement {
  const found = STATEMENTS.find((each) => each === word);
  if (found === undefined || found === 'answer') throw new NotFoundError('There is nothing of this kind to say.');
  return found;
}
