import { Readable } from 'node:stream';
import { Body, Controller, Param, Req, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { shownDay, shownTime } from '../../../common/uk-time.js';
import { ActorNamesQueries } from '../../../directory/actor-names.queries.js';
import { OptionalDay, RequiredChoice } from '../../../web/form-fields.js';
import { onTheFile, sentFile } from '../../../web/form-file.js';
import { FormPost, Submission } from '../../../web/form.js';
import { ListPages, ListQuery } from '../../../web/list-page.js';
import type { RawQuery } from '../../../web/list-request.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { pageView, redirectTo, type PageView, type Redirect } from '../../../web/page.js';
import { Page } from '../../../web/page-route.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { paths } from '../../../web/paths.js';
import { templateHeaders } from '../domain/import-header.js';
import { IMPORTED_KIND_WORDS, IMPORTED_KINDS, type ImportedKind } from '../domain/import-words.js';
import { NetworkImportQueries } from '../network-import.queries.js';
import { NetworkImportService } from '../network-import.service.js';
import {
  NETWORK_IMPORT_LIST,
  networkImportRowList,
  OUTCOME_NAMES,
  STATE_NAMES,
  STATE_TAGS,
} from './network-import-list.js';

/** Largest file that a page takes, in bytes; larger ones go through the API or the command line. */
const LARGEST_FILE = 10 * 1024 * 1024;

/** What the file is about, and the day of its figures. */
class NetworkImportForm {
  @RequiredChoice('Choose what the file is about', IMPORTED_KINDS)
  kind: ImportedKind;

  @OptionalDay()
  snapshot?: string;
}

/** A form that says nothing but that it was sent. */
class EmptyForm {}

/** Importing what is known of networks: send a file, read its dry run, apply it. */
@Controller('network/imports')
export class NetworkImportPagesController {
  constructor(
    private readonly lists: ListPages,
    private readonly imports: NetworkImportService,
    private readonly queries: NetworkImportQueries,
    private readonly actors: ActorNamesQueries,
  ) {}

  @Page('')
  @Access('network:manage')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(
      NETWORK_IMPORT_LIST,
      query,
      access,
      {
        page: async ({ limit, cursor, ...filter }) => {
          const page = await this.queries.list(filter, { limit, cursor });
          const words = await this.actors.of(page.items.flatMap(({ createdBy, appliedBy }) => [createdBy, appliedBy]));
          const items = page.items.map((row) => ({
            ...row,
            sender: words(row.createdBy),
            applier: words(row.appliedBy),
          }));
          return { ...page, items };
        },
        count: (filter) => this.queries.count(filter),
      },
      { template: 'network/import/web/network-imports.njk' },
    );
  }

  @Page('new')
  @Access('network:manage')
  @UseGuards(NoParametersGuard)
  newForm(): PageView {
    return pageView('network/import/web/new-network-import.njk', {
      title: 'Import a file about networks',
      kinds: IMPORTED_KINDS.map((kind) => ({
        value: kind,
        text: IMPORTED_KIND_WORDS[kind],
        hint: `Columns: ${templateHeaders(kind).join(', ')}`,
      })),
      templates: IMPORTED_KINDS.map((kind) => ({
        text: IMPORTED_KIND_WORDS[kind],
        href: paths.networkImportTemplate(kind),
      })),
    });
  }

  // Above the decorator of forms, so that it is what remains of the two.
  @RouteConfig({ takesForm: true, takesFileOf: LARGEST_FILE })
  @FormPost('new', { form: 'newForm' })
  @Access('network:manage', { audit: 'network-import.staged' })
  async stage(
    @Body() { kind, snapshot }: NetworkImportForm,
    @Submission() key: string,
    @Req() request: FastifyRequest,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const file = sentFile(request, LARGEST_FILE);
    const { id } = await this.imports
      .stage(Readable.from([file.content]), {
        ...{ kind, actor, fileName: file.name },
        ...{ snapshot: snapshot ?? null, idempotencyKey: key },
      })
      .catch((error: unknown) => onTheFile(error, ['snapshot']));
    return redirectTo(paths.networkImport(id), 'The file is read. Nothing is changed until you apply the import.');
  }

  @Page(':id')
  @Access('network:manage')
  async rows(
    @Param('id', RecordIdPipe) id: number,
    @ListQuery() query: RawQuery,
    @Current() access: CurrentAccess,
  ): Promise<PageView | Redirect> {
    const summary = await this.queries.summary(id);
    const words = await this.actors.of([summary.createdBy, summary.appliedBy]);
    const now = new Date();
    return this.lists.show(
      networkImportRowList(id, summary.fileName ?? `Import ${id}`),
      query,
      access,
      {
        page: ({ limit, cursor, ...filter }) => this.queries.rows(id, filter, { limit, cursor }),
        count: (filter) => this.queries.countRows(id, filter),
      },
      {
        template: 'network/import/web/network-import.njk',
        data: {
          summary,
          kind: IMPORTED_KIND_WORDS[summary.kind],
          snapshot: summary.snapshot === null ? null : shownDay(summary.snapshot),
          tag: { text: STATE_NAMES[summary.state], classes: STATE_TAGS[summary.state] },
          written: summary.counts.new + summary.counts.changed,
          outcomes: Object.entries(OUTCOME_NAMES).map(([outcome, text]) => ({
            text,
            rows: summary.counts[outcome as keyof typeof summary.counts],
            href: `${paths.networkImport(id)}?outcome=${outcome}`,
          })),
          steps: [
            { text: 'Sent', by: words(summary.createdBy), at: shownTime(summary.createdAt, now) },
            { text: 'Applied', by: words(summary.appliedBy), at: shownTime(summary.appliedAt, now) },
          ].filter(({ at }) => at !== null),
        },
      },
    );
  }

  @FormPost(':id/apply', { form: 'rows' })
  @Access('network:manage', { audit: 'network-import.applied' })
  async apply(
    @Param('id', RecordIdPipe) id: number,
    @Body() _form: EmptyForm,
    @Current() { actor }: CurrentAccess,
  ): Promise<Redirect> {
    const { counts } = await this.imports.apply(id, actor);
    return redirectTo(paths.networkImport(id), `Applied: ${counts.new} new, ${counts.changed} changed.`);
  }
}
