import { Controller, Param, UseGuards } from '@nestjs/common';
import { Access, SignedIn } from '../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../auth/current-access.js';
import { NotFoundError } from '../../common/errors.js';
import { NoParametersGuard } from '../../web/no-parameters.guard.js';
import { pageView, type PageView } from '../../web/page.js';
import { Page } from '../../web/page-route.js';
import { RecordIdPipe } from '../../web/path-ids.pipe.js';
import { PersonPageQueries } from '../person-page.queries.js';
import { personView } from './person.view.js';

/** A person: what they hold and use, their licences, their line and their team. */
@Controller()
export class PersonPageController {
  constructor(private readonly people: PersonPageQueries) {}

  @Access('estate:read', { own: 'person' })
  @Page('people/:id')
  @UseGuards(NoParametersGuard)
  async person(@Param('id', RecordIdPipe) id: number, @Current() access: CurrentAccess): Promise<PageView> {
    const person = await this.people.one(id);
    if (person === null)
      throw new NotFoundError('There is no person with this number. Search for them in the box above.');
    return pageView('reports/web/person.njk', personView(person, access, new Date()));
  }

  @SignedIn()
  @Page('me')
  @UseGuards(NoParametersGuard)
  async me(@Current() access: CurrentAccess): Promise<PageView> {
    const id = access.personEntraId === null ? null : await this.people.idOf(access.personEntraId);
    if (id === null) {
      throw new NotFoundError(
        'This is a page for people, and you are signed in as a service. Open the page of a person.',
      );
    }
    return this.person(id, access);
  }
}
