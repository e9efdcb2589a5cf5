import { Readable } from 'node:stream';
import { Body, Controller, Param, Req, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { NotFoundError } from '../../../common/errors.js';
import { shownTime } from '../../../common/uk-time.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { onTheFile, sentFile } from '../../../web/form-file.js';
import { OptionalText, RequiredId, RequiredText } from '../../../web/form-fields.js';
import { FormPost, Submission } from '../../../web/form.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { ImportListQueries } from '../import-list.queries.js';
import { ImportMappings } from '../import-mappings.service.js';
import { ImportService } from '../import.service.js';
import { ImportQueries } from '../import.queries.js';
import { IMPORT_LIST, importRowList, OUTCOME_NAMES, STATE_NAMES, STATE_TAGS } from './import-list.js';

/** Largest file that a page takes, in bytes; larger ones go through the API or the command line. */
const LARGEST_FILE = 10 * 1024 * 1024;

/** How the file is read: by a saved mapping, or by its own headings. */
class ImportForm {
  @OptionalText({ longest: 80 })
  mapping?: string;
}

/** Why an import is undone. */
class UndoForm {
  @RequiredText('Enter the reason', { longest: 2_000, lines: true })
  reason: string;
}

/** The machine that a row is about. */
class RowForm {
  @RequiredId('Choose the machine')
  deviceId: number;
}

/** A form that says nothing but that it was sent. */
class EmptyForm {}

/** Importing what people know of machines: send a file, read its dry run, apply it, undo it. */
@Controller('imports')
export class ImportPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly listed: ImportListQueries,
    private readonly imports: ImportService,
    private readonly queries: ImportQueries,
    private readonly mappings: ImportMappings,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('register:import')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      IMPORT_LIST,
      query,
      access,
      {
        page: async ({ limit, cursor, ...filter }) => {
          const page = await this.listed.list(filter, { limit, cursor });
          const words = await this.actors.of(
            page.items.flatMap(({ startedBy, appliedBy, undoneBy }) => [startedBy, appliedBy, undoneBy]),
          );
          const items = page.items.map((row) => ({
            ...row,
            sender: words(row.startedBy),
            applier: words(row.appliedBy),
            undoer: words(row.undoneBy),
          }));
          return { ...page, items };
        },
        count: (filter) => this.listed.count(filter),
      },
      { template: 'devices/import/web/imports.njk' },
    );
  }

  @Page('new')
  @Access('register:import')
  @UseGuards(NoParametersGuard)
  async newForm(): Promise<PageView> {
    const mappings = await this.mappings.list();
    return pageView('devices/import/web/new-import.njk', {
      title: 'Import a file',
      mappings: [
        { value: '', text: 'None: the file has the headings that are known' },
        ...mappings.map(({ name }) => ({ value: name, text: name })),
      ],
    });
  }

  // Above the decorator of forms, so that it is what remains of the two.
  @RouteConfig({ takesForm: true, takesFileOf: LARGEST_FILE })
  @FormPost('new', { form: 'newForm' })
  @Access('register:import', { audit: 'import.staged' })
  async stage(
    @Body() { mapping }: ImportForm,
    @Submission() key: string,
    @Req() request: FastifyRequest,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const file = sentFile(request, LARGEST_FILE);
    const { id } = await this.imports
      .stage(Readable.from([file.content]), {
        actor,
        fileName: file.name,
        mapping: mapping ?? null,
        idempotencyKey: key,
      })
      .catch((error: unknown) => onTheFile(error));
    return redirectTo(paths.import(id), 'The file is read. Nothing is changed until you apply the import.');
  }

  @Page(':id')
  @Access('register:import')
  async rows(
    @Param('id', RecordIdPipe) id: number,
    @ListQuery() query: RawQuery,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const summary = await this.queries.summary(id);
    const words = await this.actors.of([summary.startedBy, summary.appliedBy, summary.undoneBy]);
    const now = new Date();
    return this.lists.show(
      importRowList(id, summary.fileName ?? `Import ${id}`),
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.listed.rows(id, filter, { limit, cursor }),
        count: (filter) => this.listed.countRows(id, filter),
      },
      {
        template: 'devices/import/web/import.njk',
        data: {
          summary,
          tag: { text: STATE_NAMES[summary.state], classes: STATE_TAGS[summary.state] },
          outcomes: Object.entries(OUTCOME_NAMES).map(([outcome, text]) => ({
            text,
            rows: summary.counts[outcome as keyof typeof summary.counts],
            href: `${paths.import(id)}?outcome=${outcome}`,
          })),
          steps: [
            { text: 'Sent', by: words(summary.startedBy), at: shownTime(summary.startedAt, now) },
            { text: 'Applied', by: words(summary.appliedBy), at: shownTime(summary.appliedAt, now) },
            { text: 'Undone', by: words(summary.undoneBy), at: shownTime(summary.undoneAt, now) },
          ].filter(({ at }) => at !== null),
        },
      },
    );
  }

  @FormPost(':id/apply', { form: 'rows' })
  @Access('register:import', { audit: 'import.applied' })
  async apply(
    @Param('id', RecordIdPipe) id: number,
    @Body() _form: EmptyForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const { counts } = await this.imports.apply(id, actor);
    const written = counts.new + counts.changed;
    return redirectTo(paths.import(id), `Applied: ${written} ${written === 1 ? 'entry' : 'entries'} of the register.`);
  }

  @FormPost(':id/undo', { form: 'rows' })
  @Access('register:import', { audit: 'import.undone' })
  async undo(
    @Param('id', RecordIdPipe) id: number,
    @Body() { reason }: UndoForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const { restored, removed, refused } = await this.imports.undo(id, actor, reason);
    const left = refused === 0 ? '' : ` ${refused} were changed since and left alone.`;
    return redirectTo(paths.import(id), `Undone: ${restored} brought back, ${removed} removed.${left}`);
  }

  @Page(':id/rows/:line')
  @Access('register:import')
  @UseGuards(NoParametersGuard)
  async row(@Param('id', RecordIdPipe) id: number, @Param('line', RecordIdPipe) line: number): Promise<PageView> {
    const { rows } = await this.queries.preview(id, { afterLine: line - 1, limit: 1 });
    const [row] = rows;
    if (row?.line !== line || row.candidateDeviceIds.length === 0) {
      throw new NotFoundError('This row does not wait for a machine to be chosen.');
    }
    return pageView('devices/import/web/import-row.njk', {
      title: `Line ${line}: which machine is it?`,
      id,
      row,
      choices: row.candidateDeviceIds.map((device) => ({ value: device, text: `Device ${device}` })),
    });
  }

  @FormPost(':id/rows/:line', { form: 'row' })
  @Access('register:import', { audit: 'import.row-decided' })
  async decide(
    @Param('id', RecordIdPipe) id: number,
    @Param('line', RecordIdPipe) line: number,
    @Body() { deviceId }: RowForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    await this.imports.decide(id, line, deviceId, actor);
    return redirectTo(paths.import(id), 'Chosen. The dry run was made again.');
  }
}
