// Drives the built page in a real browser, before a front door whose services are stand-ins.
// usage: node check.mjs URL CHROMIUM PICTURE SCREENSHOT_FOLDER
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url, executablePath, picture, screenshots] = process.argv.slice(2);
const claims = { sub: 'ada', scope: 'read infer train promote', exp: 4_000_000_000 };
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${part({ alg: 'ES256' })}.${part(claims)}.c2ln`;

const profile = mkdtempSync(join(tmpdir(), 'spikemlp-browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  viewport: { width: 1240, height: 900 },
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

try {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const shoot = (name) => page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

  await page.goto(url);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await shoot('sign-in');

  // The sign-in link: its token leaves the address, and a reload keeps the session.
  await page.goto(`${url}/#token=${token}`);
  await page.getByText('two cores').or(page.getByRole('article').first()).waitFor();
  assert.ok(!page.url().includes('token'), `the token is still in ${page.url()}`);
  await page.reload();

  // Progress arrives while the stream is open, then the end.
  const running = page.getByRole('article', { name: 'Job digits' }).first();
  await running.getByText('75\u202f%').first().waitFor(); // the curve's axis may say so too
  await running.getByText('live', { exact: true }).waitFor();
  await shoot('jobs');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot('jobs-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(() => fetch('/api/v1/datasets/go-on'));
  await running.getByText('completed').waitFor();
  await running.getByText('digits:4').waitFor();

  await page.getByRole('link', { name: 'Models' }).click();
  const crown = page.getByRole('button', { name: 'Make champion' });
  await crown.waitFor();
  assert.equal(await crown.count(), 1, 'versions that may become champion');
  await shoot('models');
  await crown.click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'report.json' }).first().click();
  assert.equal((await download).suggestedFilename(), 'digits-3-report.json');

  await page.getByRole('link', { name: 'Classify' }).click();
  assert.equal(new URL(page.url()).pathname, '/classify');
  await page.locator('input[type=file]').setInputFiles(picture);
  await page.getByText('Energy of this picture').waitFor();
  await page.getByText('9.09×').waitFor();
  await page.getByText('Operations counted').click();
  await shoot('classify');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot('classify-dark');
  await page.emulateMedia({ colorScheme: 'light' });

  // A narrow window needs no sideways scrolling.
  await page.setViewportSize({ width: 360, height: 740 });
  for (const area of ['Classify', 'Models', 'Jobs']) {
    await page.getByRole('link', { name: area }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText(/Loading/).waitFor({ state: 'detached' });
    const [content, window] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    await shoot(`narrow-${area.toLowerCase()}`);
    assert.ok(content <= window, `${area} is ${content} px wide in a window of ${window}`);
  }

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'nothing is kept');
  assert.deepEqual(complaints, [], 'the browser complained');
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
