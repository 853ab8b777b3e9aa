// Makes the pictures of the demo page in docs/images: `npm run renew:screenshots`. Needs Chromium and pngquant; the font Inter, where it is installed, is used.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anna, james, startDemo } from '../js-tests/browser/demo-page.mjs';
import { build } from './build.mjs';
import { Failure, main, output, root, run } from './step.mjs';

const folder = join(root, 'docs', 'images');
const MOST_BYTES = 150_000;

main(async () => {
  if (!(await output('pngquant', ['--version']))) {
    throw new Failure('pngquant is missing: install it (such as `apt install pngquant`).');
  }
  await build();
  mkdirSync(folder, { recursive: true });
  const demo = await startDemo();
  try {
    await take(demo, 'demo-start', { width: 1280, height: 720, colorScheme: 'light' }, () => {});
    await take(demo, 'demo-light', { width: 1440, height: 1000, colorScheme: 'light' }, connectTwo);
    await take(demo, 'demo-dark', { width: 1440, height: 1000, colorScheme: 'dark' }, async (customer) => {
      await connectTwo(customer);
      await wait(demo, customer);
    });
    await take(demo, 'demo-narrow', { width: 360, height: 780, colorScheme: 'light' }, connectTwo);
    await take(
      demo,
      'demo-narrow-list',
      { width: 360, height: 780, colorScheme: 'dark' },
      async (customer) => {
        await connectTwo(customer);
        await customer.page.locator('.transactions').evaluate((part) => part.scrollIntoView());
      },
    );
  } finally {
    await demo.close();
  }
});

/** A picture of what `act` leads to. */
async function take(demo, name, { width, height, colorScheme }, act) {
  const customer = await demo.visit({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1.25 });
  await act(customer);
  const file = join(folder, `${name}.png`);
  writeFileSync(file, await customer.page.screenshot());
  await customer.close();
  // A palette makes it a quarter of the size.
  await run('pngquant', ['--force', '--strip', '--speed', '1', '--ext', '.png', '64', file]);
  const { size } = statSync(file);
  if (size > MOST_BYTES) throw new Failure(`${name}.png has ${size} bytes, more than ${MOST_BYTES}.`);
  console.log(`${name}.png, ${Math.round(size / 1000)} KB`);
}

async function connectTwo(customer) {
  await customer.connect(james);
  await customer.button('Connect another bank').click();
  await customer.goThroughBank(anna);
  await customer.approve();
}

/** Lets the API refuse in the midst of reading: the wait is shown. */
async function wait({ sandbox }, { page, button }) {
  const match = { method: 'GET', path: '*/transactions' };
  sandbox.faults.add({ match, fault: 'rate_limited', retryAfter: 5, skip: 14 });
  await button('Read again').click();
  await page.locator('.toast').waitFor();
  await page.waitForTimeout(1500);
}
