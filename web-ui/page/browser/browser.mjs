// Opens a browser as its caller's arguments say: URL CHROMIUM PICTURE SCREENSHOT_FOLDER.
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url, executablePath, picture, screenshots] = process.argv.slice(2);
const claims = { sub: 'ada', scope: 'read infer train promote', exp: 4_000_000_000 };
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as the page reads it; no signature is checked here. */
export const token = `${part({ alg: 'ES256' })}.${part(claims)}.c2ln`;

/** Runs `drive` with a page in a profile of its own; fails if the browser complained. */
export async function inBrowser(drive) {
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
    await drive({ page, url, picture, screenshots, shoot });
    assert.deepEqual(complaints, [], 'the browser complained');
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
