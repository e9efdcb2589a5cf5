import { Controller, UseGuards } from '@nestjs/common';
import { OpenToAll } from '../auth/access.decorator.js';
import { NoParametersGuard } from './no-parameters.guard.js';
import { pageView, type PageView } from './page.js';
import { Page } from './page-route.js';

/** What anybody may know about this site, signed in or not. */
@Controller()
@OpenToAll()
@UseGuards(NoParametersGuard)
export class InformationController {
  @Page('accessibility')
  accessibility(): PageView {
    return pageView('web/views/accessibility.njk', {});
  }

  @Page('cookies')
  cookies(): PageView {
    return pageView('web/views/cookies.njk', {});
  }
}
