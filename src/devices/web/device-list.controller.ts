import { Controller } from '@nestjs/common';
import { Access } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { ListPages, ListQuery } from '../../web/list-page.js';
import type { RawQuery } from '../../web/list-request.js';
import { type PageView, type Redirect } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { DevicesQueries } from '../devices.queries.js';
import { DEVICE_LIST } from './device-list.js';

@Controller()
export class DeviceListController {
  constructor(
    private readonly lists: ListPages,
    private readonly devices: DevicesQueries,
  ) {}

  @Page('devices')
  @Access('estate:read')
  list(@ListQuery() query: RawQuery, @Current() access: CurrentAccess): Promise<PageView | Redirect> {
    return this.lists.show(DEVICE_LIST, query, access, {
      page: ({ limit, cursor, sort, ...filter }) => this.devices.list(filter, { limit, cursor }, sort),
      count: (filter) => this.devices.count(filter),
    });
  }
}
