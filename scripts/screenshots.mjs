// The service desk's day and the rollout in pictures, taken of the demonstration in headless Chromium: `npm run screenshots`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root, startUntether } from '../test/smoke/untether-process.mjs';

const folder = path.join(root, 'docs', 'pictures');
mkdirSync(folder, { recursive: true });

const running = startUntether();
const browser = await chromium.launch({
  executablePath: process.env.UNTETHER_BROWSER ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
let failure = null;
try {
  const site = await running.address();
  await running.whole();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 } })).newPage();
  const picture = (name) => page.screenshot({ path: path.join(folder, `${name}.png`) });

  // Signed in as the demonstration's service desk.
  await page.goto(`${site}/sign-in`);
  await page.getByRole('listitem').filter({ hasText: 'Service desk' }).getByRole('button').click();
  await page.waitForURL(`${site}/`);

  // A call: "it is the laptop of …". A few letters in the one box.
  const [leaver] = await json(page, `${site}/api/v1/leavers?limit=1`);
  const surname = (leaver.displayName ?? '').split(' ').at(-1);
  await page.locator('main input[name=q]').pressSequentially(surname.slice(0, 5), { delay: 40 });
  await page.locator('main [role=option]').first().waitFor();
  await picture('1-one-box');

  // Everything about the machine, with what is doubtful and what to do next.
  const [machine] = leaver.machines;
  await page.goto(`${site}/devices/${machine.id}`);
  await picture('2-machine');

  // It comes back over the counter: recorded in one form.
  await page.goto(`${site}/devices/${machine.id}/take-back`);
  await picture('3-take-back');

  // Who has left and still has something.
  await page.goto(`${site}/leavers`);
  await picture('4-leavers');

  // Which records are one machine? The evidence side by side.
  const [review] = await json(page, `${site}/api/v1/reviews?limit=1`);
  await page.goto(review === undefined ? `${site}/reviews` : `${site}/reviews/${review.id}`);
  await picture('5-review');

  // The rollout, as its manager sees it: how far it is, what stands in the way, who moves when.
  const manager = await (await browser.newContext({ viewport: { width: 1280, height: 1500 } })).newPage();
  await manager.goto(`${site}/sign-in`);
  await manager.getByRole('listitem').filter({ hasText: 'Rollout manager' }).getByRole('button').click();
  await manager.waitForURL(`${site}/`);
  for (const [name, address] of [
    ['6-rollout', '/rollout'],
    ['7-blockers', '/rollout/blockers'],
    ['8-slots', '/rollout/slots'],
  ]) {
    await manager.goto(site + address);
    await manager.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  // Anybody, from home on a telephone.
  const staff = await (await browser.newContext({ viewport: { width: 480, height: 1100 } })).newPage();
  await staff.goto(`${site}/sign-in`);
  await staff.getByRole('listitem').filter({ hasText: 'Member of staff' }).getByRole('button').click();
  await staff.waitForURL((url) => url.origin === site && url.pathname !== '/sign-in');
  await staff.goto(`${site}/me/connection`);
  await staff.getByLabel('By Wi-Fi').check();
  await staff.getByRole('button', { name: 'Start the check' }).click();
  await staff.getByRole('button', { name: 'Keep this result' }).waitFor({ timeout: 90_000 });
  await staff.screenshot({ path: path.join(folder, '12-connection.png') });

  // Equipment: asked for by a line manager, decided, kept at the stores.
  const signedIn = async (who) => {
    const someone = await (await browser.newContext({ viewport: { width: 1280, height: 1100 } })).newPage();
    await someone.goto(`${site}/sign-in`);
    await someone.getByRole('listitem').filter({ hasText: who }).getByRole('button').first().click();
    await someone.waitForURL((url) => url.origin === site && url.pathname !== '/sign-in');
    return someone;
  };
  const leader = await signedIn('Line manager');
  const stores = await signedIn('Stock holder');
  const approver = await signedIn('Approver');
  await running.until(
    async () => (await json(stores, `${site}/api/v1/requests?limit=1&state=closed`)).at(0),
    'the first request that is over',
  );
  const [given] = await json(stores, `${site}/api/v1/requests?limit=1&state=closed`);
  for (const [someone, name, address] of [
    [leader, '13-new-request', '/requests/new'],
    [approver, '14-approvals', '/approvals'],
    [stores, '15-stock', '/stock'],
    [stores, '16-request', `/requests/${given.id}`],
  ]) {
    await someone.goto(site + address);
    await someone.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  // Which networks carry the move, once a minute's job has worked out who is ready.
  await running.until(
    async () => (await json(manager, `${site}/api/v1/network/fixes?limit=1`)).at(0),
    'the first fix of a network',
  );
  const [small] = await json(manager, `${site}/api/v1/network/overview?limit=1`);
  for (const [name, address] of [
    ['9-networks', '/network'],
    ['10-site', `/network/sites/${small.siteId}`],
    ['11-fixes', '/network/fixes'],
  ]) {
    await manager.goto(site + address);
    await manager.screenshot({ path: path.join(folder, `${name}.png`) });
  }
} catch (error) {
  failure = error;
}
await browser.close();
await running.stop();
if (failure) throw failure;

async function json(page, address) {
  const answer = await page.request.get(address);
  if (!answer.ok()) throw new Error(`${address} answered ${answer.status()}.`);
  return (await answer.json()).items;
}
