import { Body, Controller, Get, Param, Put, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { InputError } from '../../../common/errors.js';
import { Answers, list, record } from '../../../web/api-schema.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { ImportMappings, type SavedMapping } from '../import-mappings.service.js';
import { MappingBody } from './imports.parameters.js';
import { mappingSchema } from './imports.schema.js';

@ApiTags('Imports')
@Controller('api/v1/import-mappings')
@UseGuards(NoParametersGuard)
export class ImportMappingsController {
  constructor(private readonly mappings: ImportMappings) {}

  @Access('register:import')
  @Get()
  @Answers({ summary: 'List the saved mappings', schema: record({ items: list(mappingSchema) }) })
  async list(): Promise<{ items: SavedMapping[] }> {
    return { items: await this.mappings.list() };
  }

  @Access('register:import', { audit: 'import-mapping.saved' })
  @Put(':name')
  @Answers({
    summary: 'Save a mapping of columns to fields under a name',
    schema: mappingSchema,
    parameter: { name: 'name', schema: { type: 'string' }, description: 'Name of the mapping.' },
  })
  save(
    @Param('name') name: string,
    @Body() body: MappingBody,
    @Current() access: CurrentAccess,
  ): Promise<SavedMapping> {
    const columns: Record<string, string> = {};
    for (const [header, field] of Object.entries(body.columns)) {
      if (typeof field !== 'string') {
        throw new InputError('The mapping cannot be saved.', [
          { field: 'columns', message: 'Give every field as a text.' },
        ]);
      }
      columns[header] = field;
    }
    return this.mappings.save(name, body.fileKind, columns, access.actor);
  }
}
