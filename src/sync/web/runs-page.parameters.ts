import { PickType } from '@nestjs/swagger';
import { PageParameters } from '../../web/query-fields.js';

/** What the page of runs can be asked for. */
export class RunsPageParameters extends PickType(PageParameters, ['cursor']) {}
