import path from 'node:path';
import { Body, Controller, Injectable, Module, Param, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import nunjucks from 'nunjucks';
import { rememberAccess } from '../../src/auth/current-access.js';
import { ConflictError, InputError } from '../../src/common/errors.js';
import { loadConfig } from '../../src/config/config.js';
import { createLogger } from '../../src/config/logger.js';
import { loadAssets } from '../../src/web/assets.js';
import { ControllerMethods } from '../../src/web/controller-methods.js';
import { DataAge } from '../../src/web/data-age.js';
import { ErrorFilter } from '../../src/web/error.filter.js';
import { createFastifyAdapter } from '../../src/web/fastify-server.js';
import { AnyChoices, RequiredChoice, RequiredDay, RequiredId, RequiredText } from '../../src/web/form-fields.js';
import { FormPost, Submission } from '../../src/web/form.js';
import { Lifecycle } from '../../src/web/lifecycle.js';
import { PageInterceptor } from '../../src/web/page.interceptor.js';
import { PageRenderer } from '../../src/web/page-renderer.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../src/web/page.js';
import { Page } from '../../src/web/page-route.js';
import { ParametersPipe } from '../../src/web/parameters.pipe.js';
import { RecordIdPipe } from '../../src/web/path-ids.pipe.js';
import { ProblemReplies } from '../../src/web/problem-replies.js';
import { RequestMetrics } from '../../src/web/request-metrics.js';
import { SHELL } from '../../src/web/shell.js';
import { Views } from '../../src/web/views.js';

/** One field of every kind. */
class EveryField {
  @RequiredId('Load the page again')
  version: number;

  @RequiredText('Enter a name', { longest: 20 })
  name: string;

  @RequiredText('Enter a reason', { longest: 200, lines: true })
  reason: string;

  @RequiredChoice('Choose a place', ['north', 'south'])
  place: string;

  @RequiredChoice('Choose a way', ['post', 'desk'])
  way: string;

  @AnyChoices('Choose parts of the list', ['bag', 'dock', 'mouse'])
  parts: readonly string[];

  @RequiredDay('Enter the day')
  day: string;
}

/** What the form's command was given, newest last. */
export const received: { readonly id: number; readonly submission: string; readonly fields: object }[] = [];

@Controller('forms')
class EveryFieldController {
  private version = 3;

  @Page(':id')
  show(@Param('id', RecordIdPipe) id: number): PageView {
    if (typeof id !== 'number') throw new TypeError('The pipes of the form’s method did not run.');
    return pageView('every-field.njk', { id, version: this.version });
  }

  @FormPost(':id', { form: 'show' })
  send(@Param('id', RecordIdPipe) id: number, @Body() fields: EveryField, @Submission() submission: string): Redirect {
    if (fields.name === 'taken') {
      throw new InputError('The name is taken.', [{ field: 'name', message: 'Enter another name' }]);
    }
    if (fields.version !== this.version) {
      throw new ConflictError('Ben changed it while you had it open.', {
        ours: [{ label: 'Name', value: fields.name }],
        theirs: [
          { label: 'Name', value: '<i>Ben’s</i>' },
          { label: 'Changed', value: 'a minute ago' },
        ],
      });
    }
    received.push({ id, submission, fields: { ...fields } });
    return redirectTo('/forms/7', 'It was stored.');
  }
}

/** Stands for the sign-in: the header says whose session it is. */
@Injectable()
class NamedSession implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const session = request.headers['x-session'];
    rememberAccess(request, {
      actor: 'person:test',
      personEntraId: 'test',
      displayName: 'Zz Tester',
      roles: [],
      permissions: new Set(['own:read']),
      isManager: false,
      surface: 'page',
      sessionId: typeof session === 'string' ? session : 'nobody',
    });
    return true;
  }
}

class FixtureViews extends Views {
  constructor(...settings: ConstructorParameters<typeof Views>) {
    super(...settings);
    const folder = path.join(import.meta.dirname, '..', 'fixtures', 'forms');
    const { loaders } = this.environment as unknown as { loaders: object[] };
    loaders.push(Object.assign(new nunjucks.FileSystemLoader(folder), { cache: {} }));
  }
}

@Module({})
class FormWebModule {}

/** The form mechanism behind the real server, with one form that has every field, at `/forms/7`. */
export async function startFormWeb(overHttps = false): Promise<{ url: string; close(): Promise<void> }> {
  const { brand } = loadConfig({});
  const views = new FixtureViews({ assets: loadAssets(brand), brand, demonstration: true });
  const pages = new PageRenderer(views, { dataAge: new DataAge(async () => null), overHttps });
  const logger = createLogger('error');
  const replies = new ProblemReplies(pages, logger);
  const lifecycle = new Lifecycle();
  const metrics = new RequestMetrics();
  const application = await NestFactory.create<NestFastifyApplication>(
    {
      module: FormWebModule,
      controllers: [EveryFieldController],
      providers: [
        ControllerMethods,
        { provide: SHELL, useValue: { pages } },
        { provide: APP_GUARD, useClass: NamedSession },
        { provide: APP_INTERCEPTOR, useClass: PageInterceptor },
      ],
    },
    createFastifyAdapter({
      logger,
      replies,
      metrics,
      lifecycle,
      publicUrl: null,
      alsoThisMachine: true,
      trustedProxies: null,
    }),
    { logger: false, abortOnError: false, bodyParser: false },
  );
  application.useGlobalFilters(new ErrorFilter(replies));
  application.useGlobalPipes(new ParametersPipe());
  await application.listen(0, '127.0.0.1');
  return { url: await application.getUrl(), close: () => application.close() };
}
