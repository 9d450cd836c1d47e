// Drives the built page in a real browser, before a front door whose services are stand-ins.
// usage: node check.mjs URL CHROMIUM PICTURE SCREENSHOT_FOLDER
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { inBrowser, token } from './browser.mjs';

await inBrowser(async ({ page, url, picture, screenshots, shoot }) => {
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

  // A report opens in a tab of its own: styled, though its style is inline, and without its script.
  const tab = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Report', exact: true }).click();
  const report = await tab;
  await report.getByRole('heading', { name: 'Receptive fields' }).waitFor();
  const radius = () => getComputedStyle(document.querySelector('section')).borderRadius;
  assert.equal(await report.evaluate(radius), '10px', 'the report has its style');
  assert.equal(await report.evaluate(() => window.scriptRan), undefined, 'the report ran a script');
  await report.screenshot({ path: join(screenshots, 'report.png'), fullPage: true });
  await report.close();

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

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'nothing is kept');
});
