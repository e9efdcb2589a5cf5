// Sends what is due in a process of its own, which a spec may kill. Works on dist/, as a deployed process does. The task
// comes as JSON in the first argument.
import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../../dist/config/config.module.js';
import { loadConfig } from '../../dist/config/config.js';
import { DatabaseModule } from '../../dist/database/database.module.js';
import { JobsModule } from '../../dist/jobs/jobs.module.js';
import { DispatchService } from '../../dist/notifications/dispatch.service.js';
import { MessageTemplates } from '../../dist/notifications/message-templates.js';
import { NotificationsModule } from '../../dist/notifications/notifications.module.js';
import { DISPATCH_HOOK } from '../../dist/notifications/post.js';

const { url, environment, point, visit = 1 } = JSON.parse(process.argv[2]);

let visits = 0;
const hook = async (reached) => {
  if (reached !== point || ++visits !== visit) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives a moment later; nothing may happen until then.
  await delay(200);
};
class Extras {}
class ChildModule {}
const limits = { connections: 4, statementTimeout: 0, idleTransactionTimeout: 2_000 };
const application = await NestFactory.createApplicationContext(
  {
    module: ChildModule,
    imports: [
      ConfigModule.forRoot(loadConfig(environment)),
      DatabaseModule.forRoot({ url }, limits),
      JobsModule.forRoot({ url }),
      {
        module: Extras,
        global: true,
        providers: [{ provide: DISPATCH_HOOK, useValue: hook }],
        exports: [DISPATCH_HOOK],
      },
      NotificationsModule,
    ],
  },
  { logger: ['error'] },
);
application.get(MessageTemplates).register({
  name: 'test',
  label: 'Test',
  stopWords: {},
  compose: async () => ({
    subject: 'Test',
    greeting: 'Hello,',
    paragraphs: ['This is a test.'],
    link: { text: 'Look', path: '/my-move' },
  }),
});
process.stdout.write('ready\n');
await application.get(DispatchService).dispatch();
await application.close();
