import { Module } from '@nestjs/common';
import { ListPagesModule } from '../../web/list-pages.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { BundlesController } from './api/bundles.controller.js';
import { CountsController } from './api/counts.controller.js';
import { LevelsController } from './api/levels.controller.js';
import { PlacesController } from './api/places.controller.js';
import { ProductsController } from './api/products.controller.js';
import { TransfersController } from './api/transfers.controller.js';
import { StockModule } from './stock.module.js';
import { BundlePagesController } from './web/bundle-pages.controller.js';
import { CountPagesController } from './web/count-pages.controller.js';
import { PlacePagesController } from './web/place-pages.controller.js';
import { ProductPagesController } from './web/product-pages.controller.js';
import { StockPagesController } from './web/stock-pages.controller.js';
import { TransferPagesController } from './web/transfer-pages.controller.js';

/** The catalogue and stock, for people and programs. */
@Module({
  imports: [StockModule, OrdersModule, ListPagesModule],
  controllers: [
    ProductsController,
    BundlesController,
    PlacesController,
    LevelsController,
    TransfersController,
    CountsController,
    StockPagesController,
    ProductPagesController,
    BundlePagesController,
    PlacePagesController,
    TransferPagesController,
    CountPagesController,
  ],
})
export class StockWebModule {}
