import { Module } from '@nestjs/common';
import { FormFactorOverrides } from './form-factor-override.service.js';
import { FormFactorQueries } from './form-factor.queries.js';
import { FormFactorService } from './form-factor.service.js';

/** What kind of machine each one is. */
@Module({
  providers: [FormFactorService, FormFactorOverrides, FormFactorQueries],
  exports: [FormFactorService, FormFactorOverrides, FormFactorQueries],
})
export class FormFactorModule {}
