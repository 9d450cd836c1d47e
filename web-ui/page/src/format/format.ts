// Numbers and times in words. A value that is no number is shown as a dash.

const NONE = '–';
const NARROW_SPACE = '\u202f';

function fixed(value: number, digits: number): string {
  return value.toLocaleString('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Three significant digits, none after the point from 100 up. */
function short(value: number): string {
  const size = Math.abs(value);
  return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function scaled(value: number, units: string[], step: number): string {
  if (!Number.isFinite(value)) {
    return NONE;
  }
  let unit = 0;
  let scaledValue = value;
  // 999.5 would be shown as 1000 of the smaller unit.
  while (Math.abs(scaledValue) >= 0.9995 * step && unit < units.length - 1) {
    scaledValue /= step;
    unit++;
  }
  const digits = unit === 0 && Number.isInteger(value) ? fixed(value, 0) : short(scaledValue);
  return units[unit] === '' ? digits : digits + NARROW_SPACE + units[unit];
}

/** An energy given in picojoules, in the unit that reads best. */
export function energy(picojoules: number): string {
  return scaled(picojoules, ['pJ', 'nJ', 'µJ', 'mJ', 'J'], 1000);
}

/** A count: 950, 12.3 k, 4.97 G. */
export function count(value: number): string {
  return scaled(value, ['', 'k', 'M', 'G', 'T'], 1000);
}

/** A count to the last one: 1,000. */
export function exactly(value: number): string {
  return Number.isFinite(value) ? fixed(value, 0) : NONE;
}

/** A file's size. */
export function bytes(value: number): string {
  return scaled(value, ['B', 'kB', 'MB', 'GB'], 1000);
}

/** A share in [0, 1] as a percentage. */
export function percent(share: number | undefined, digits = 1): string {
  return share === undefined || !Number.isFinite(share)
    ? NONE
    : fixed(100 * share, digits) + NARROW_SPACE + '%';
}

/** A plain number with so many digits after the point. */
export function decimal(value: number | undefined, digits: number): string {
  return value === undefined || !Number.isFinite(value) ? NONE : fixed(value, digits);
}

/** A time span given in seconds: 8 s, 2 min 05 s, 3 h 07 min. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) {
    return NONE;
  }
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) {
    return `${whole}${NARROW_SPACE}s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)}${NARROW_SPACE}min ${two(whole % 60)}${NARROW_SPACE}s`;
  }
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}${NARROW_SPACE}h ${two(minutes % 60)}${NARROW_SPACE}min`;
}

/** A time span given in milliseconds. */
export function millis(value: number): string {
  return Number.isFinite(value) ? short(value) + NARROW_SPACE + 'ms' : NONE;
}

/** How many times less energy than the baseline. */
export function ratio(baseline: number, value: number): string {
  return value > 0 && Number.isFinite(baseline / value) ? short(baseline / value) + '×' : NONE;
}

/** An instant of the API in the reader's own time zone. */
export function instant(iso: string | null | undefined): string {
  const time = iso ? new Date(iso) : undefined;
  if (!time || Number.isNaN(time.getTime())) {
    return NONE;
  }
  return time.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}
