// Holds every area of the built page against windows from a phone's width to a desk's.
// usage: node layout.mjs URL CHROMIUM PICTURE SCREENSHOT_FOLDER
import { strict as assert } from 'node:assert';
import { inBrowser, token } from './browser.mjs';

const NARROWEST = 360;
const WIDEST = 1600;
const STEP = 20;
const SHOT = [360, 760, 1100, 1600];

/** What the reader cannot see whole: beyond the window, cut off by a box, or over another text. */
function outOfPlace() {
  const frames = 'td, tbody th, button, .badge, .figure, .card';
  const found = [];
  const lines = [];
  const check = (box, parent, what) => {
    if (box.width === 0 || parent.closest('.unseen, .skip')) {
      return;
    }
    const beyond = (frame, name) => {
      const over = Math.max(frame.left - box.left, box.right - frame.right);
      if (over > 0.5) {
        found.push(`${what} is ${over.toFixed(1)} px beyond ${name}`);
      }
    };
    beyond({ left: 0, right: document.documentElement.clientWidth }, 'the window');
    const around = parent.closest(frames);
    if (around) {
      beyond(around.getBoundingClientRect(), `its <${around.localName}>`);
    }
    for (let outer = parent; outer; outer = outer.parentElement) {
      if (outer !== document.body && getComputedStyle(outer).overflowX !== 'visible') {
        beyond(outer.getBoundingClientRect(), `<${outer.localName} class="${outer.className}">`);
      }
    }
  };
  for (const element of document.querySelectorAll('header *, main *:not(.unseen)')) {
    const what = `<${element.localName}> "${element.textContent.slice(0, 30)}"`;
    check(element.getBoundingClientRect(), element.parentElement, what);
    for (const text of element.childNodes) {
      if (text.nodeType === Node.TEXT_NODE && !element.closest('select')) {
        const range = document.createRange();
        range.selectNodeContents(text);
        const words = `the text "${text.data.slice(0, 30)}"`;
        check(range.getBoundingClientRect(), element, words);
        if (!element.closest('.unseen, .skip')) {
          lines.push(...[...range.getClientRects()].map((box) => ({ box, words })));
        }
      }
    }
  }
  const apart = (boxes) =>
    boxes.forEach(({ box: a, words }, index) => {
      for (const { box: b, words: others } of boxes.slice(index + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 2) {
          found.push(`${words} lies over ${others}`);
        }
      }
    });
  apart(lines);
  for (const { cells } of document.querySelectorAll('tr')) {
    apart([...cells].map((cell) => ({ box: cell.getBoundingClientRect(), words: `<${cell.className}>` })));
  }
  return found;
}

await inBrowser(async ({ page, url, picture, shoot }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${url}/#token=${token}`);
  const areas = {
    Jobs: async () => {
      await page.getByText('More options').click();
      await page.getByRole('img', { name: /^Accuracy/ }).first().waitFor();
    },
    Models: () => page.getByRole('button', { name: 'Make champion' }).waitFor(),
    Classify: async () => {
      await page.locator('input[type=file]').setInputFiles(picture);
      await page.getByText('Operations counted').click();
    },
  };
  for (const [area, show] of Object.entries(areas)) {
    await page.getByRole('link', { name: area }).click();
    await show();
    for (let width = NARROWEST; width <= WIDEST; width += STEP) {
      await page.setViewportSize({ width, height: 800 });
      if (SHOT.includes(width)) {
        await shoot(`${area.toLowerCase()}-${width}`);
      }
      assert.deepEqual(await page.evaluate(outOfPlace), [], `${area} in a window of ${width} px`);
    }
  }

  // Columns that cannot be narrow scroll in their own box, and the action stays in sight.
  await page.getByRole('link', { name: 'Models' }).click();
  const crown = page.getByRole('button', { name: 'Make champion' });
  await crown.waitFor();
  const [wide, shown] = await crown.evaluate((button) => {
    document.querySelector('td.proof').style.minWidth = '90rem';
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const middle = (top + bottom) / 2;
    return [
      button.closest('.scroll').scrollWidth > document.documentElement.clientWidth,
      [left + 3, right - 3].every((x) => document.elementFromPoint(x, middle) === button),
    ];
  });
  assert.ok(wide, 'the table is too wide for its box');
  assert.ok(shown, '"Make champion" is seen whole beside columns that scroll');
});
