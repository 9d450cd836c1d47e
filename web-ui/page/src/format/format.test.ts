import { expect, test } from 'vitest';
import { bytes, count, decimal, duration, energy, exactly, instant, millis, percent, ratio } from './format';

/** Written with plain spaces here, shown with narrow ones. */
function plain(text: string): string {
  return text.replace(/\u202f/g, ' ');
}

test.each([
  [0, '0 pJ'],
  [12.345, '12.3 pJ'],
  [950, '950 pJ'],
  [999.9, '1.00 nJ'],
  [1_500, '1.50 nJ'],
  [2_519_900, '2.52 µJ'],
  [22_900_000_000, '22.9 mJ'],
  [Number.NaN, '–'],
])('%d picojoules are %s', (value, text) => expect(plain(energy(value))).toBe(text));

test.each([
  [0, '0'],
  [950, '950'],
  [12_345, '12.3 k'],
  [4_970_000_000, '4.97 G'],
])('the count %d is %s', (value, text) => expect(plain(count(value))).toBe(text));

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [125, '2 min 05 s'],
  [11_220, '3 h 07 min'],
  [-1, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%d seconds are %s', (value, text) => expect(plain(duration(value))).toBe(text));

test('shares, sizes and ratios', () => {
  expect(plain(percent(0.9731))).toBe('97.3 %');
  expect(percent(undefined)).toBe('–');
  expect(plain(bytes(1_100_000))).toBe('1.10 MB');
  expect(exactly(12_345)).toBe('12,345');
  expect(decimal(0.12345, 4)).toBe('0.1235');
  expect(plain(millis(3.456))).toBe('3.46 ms');
  expect(ratio(22_900, 2_500)).toBe('9.16×');
  expect(ratio(1, 0)).toBe('–');
});

test('an instant that is none is a dash', () => {
  expect(instant(null)).toBe('–');
  expect(instant('soon')).toBe('–');
  expect(instant('2026-11-23T12:00:00Z')).toMatch(/Nov/);
});
