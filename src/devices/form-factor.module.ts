import { Module, type DynamicModule } from '@nestjs/common';
import { FormFactorOverrides } from './form-factor-override.service.js';
import { FormFactorQueries } from './form-factor.queries.js';
import { basisWith, CLASSIFICATION_BASIS, FormFactorService, type NamingConvention } from './form-factor.service.js';

/** What kind of machine each one is. */
@Module({
  providers: [FormFactorService, FormFactorOverrides, FormFactorQueries],
  exports: [FormFactorService, FormFactorOverrides, FormFactorQueries],
})
export class FormFactorModule {}

/** Lets the whole process classify by the organisation's naming convention too. */
@Module({})
export class NamingConventionModule {
  static forRoot(convention: NamingConvention): DynamicModule {
    // Without a convention the catalogue is read only when it is needed.
    if (convention.length === 0) return { module: NamingConventionModule };
    const providers = [{ provide: CLASSIFICATION_BASIS, useFactory: () => basisWith(convention) }];
    return { module: NamingConventionModule, global: true, providers, exports: [CLASSIFICATION_BASIS] };
  }
}
