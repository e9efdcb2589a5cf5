import { Body, Controller, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Access } from '../../../auth/access.decorator.js';
import { Current, type CurrentAccess } from '../../../auth/current-access.js';
import { Answers, recordId } from '../../../web/api-schema.js';
import { idempotencyKey } from '../../../web/idempotency-key.js';
import { NoParametersGuard } from '../../../web/no-parameters.guard.js';
import { RecordIdPipe } from '../../../web/path-ids.pipe.js';
import { OrderReceivingService, type OrderReceipt } from '../order-receiving.service.js';
import { deliveredLines, OrderReceiptBody } from './order-bodies.js';
import { receiptSchema } from './orders.schema.js';

/** What comes of orders. */
@ApiTags('Stock')
@Controller('api/v1/stock/orders')
export class OrderReceiptsController {
  constructor(private readonly receiving: OrderReceivingService) {}

  @Post(':id/receipts')
  @Access('stock:write', { audit: ['purchase-order.received', 'device.received'] })
  @HttpCode(201)
  @UseGuards(NoParametersGuard)
  @Answers({
    summary: 'Receive what a delivery brought, by serial numbers or by number, all of it or nothing',
    description:
      '409 when the order has ended or more came than is still to come; 422 names each machine that is refused.',
    schema: receiptSchema,
    status: 201,
    parameter: recordId('order'),
    refusals: [409, 422],
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key is done once.' })
  receive(
    @Param('id', RecordIdPipe) orderId: number,
    @Body() { lines, mode = 'all', deliveryNote = null }: OrderReceiptBody,
    @Current() access: CurrentAccess,
    @Headers('idempotency-key') key?: string,
  ): Promise<OrderReceipt> {
    const delivery = { orderId, lines: deliveredLines(lines), mode, deliveryNote, idempotencyKey: idempotencyKey(key) };
    return this.receiving.receive(delivery, access);
  }
}
