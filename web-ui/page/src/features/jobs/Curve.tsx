import type { EpochMetrics } from '../../api/types';
import { decimal, percent } from '../../format/format';

const WIDTH = 280;
const HEIGHT = 110;
const LEFT = 38;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;

interface Line {
  name: string;
  className: string;
  values: number[];
}

function Panel({ title, lines, epochs, planned, least, most, label }: {
  title: string;
  lines: Line[];
  epochs: number[];
  planned: number;
  least: number;
  most: number;
  label: (value: number) => string;
}) {
  const first = epochs[0] ?? 1;
  const last = Math.max(first + 1, planned, epochs[epochs.length - 1] ?? 1);
  const x = (epoch: number) => LEFT + ((epoch - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + ((most - value) / (most - least)) * (HEIGHT - TOP - BOTTOM);
  const points = (values: number[]) =>
    values
      .map((value, i) => [epochs[i]!, value] as const)
      .filter(([, value]) => Number.isFinite(value))
      .map(([epoch, value]) => [x(epoch), y(value)] as const);
  const summary = lines
    .map((line) => `${line.name} ${label(line.values[line.values.length - 1] ?? NaN)}`)
    .join(', ');

  return (
    <figure className="panel">
      <figcaption>
        {title}
        {lines.map((line) => (
          <span key={line.name} className={`key ${line.className}`}>
            {line.name}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}, last epoch: ${summary}`}>
        {[least, (least + most) / 2, most].map((value) => (
          <g key={value}>
            <line className="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 5} y={y(value) + 3} textAnchor="end">
              {label(value)}
            </text>
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 6}>
          epoch {first}
        </text>
        {(epochs.length > 1 || planned > 1) && (
          <text x={WIDTH - RIGHT} y={HEIGHT - 6} textAnchor="end">
            {last}
          </text>
        )}
        {lines.map((line) => (
          <g key={line.name} className={line.className}>
            <polyline points={points(line.values).map((point) => point.join(',')).join(' ')} />
            {points(line.values).slice(-1).map(([cx, cy]) => (
              <circle key={line.name} cx={cx} cy={cy} r="3" />
            ))}
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** The training curve: accuracy and loss by epoch, with room for the epochs that are planned. */
export function Curve({ curve, planned }: { curve: EpochMetrics[]; planned: number }) {
  if (curve.length === 0) {
    return null;
  }
  const epochs = curve.map((point) => point.epoch);
  const accuracies = curve.flatMap((point) => [point.trainAccuracy, point.testAccuracy]);
  const losses = curve.map((point) => point.trainLoss);
  const lowest = Math.max(0, Math.min(0.9, Math.floor(10 * Math.min(...accuracies)) / 10));
  const highest = Math.max(0.01, ...losses.filter(Number.isFinite)) * 1.05;
  return (
    <div className="curve">
      <Panel
        title="Accuracy"
        epochs={epochs}
        planned={planned}
        least={lowest}
        most={1}
        label={(value) => percent(value, 0)}
        lines={[
          { name: 'test', className: 'line-1', values: curve.map((point) => point.testAccuracy) },
          { name: 'training', className: 'line-2', values: curve.map((point) => point.trainAccuracy) },
        ]}
      />
      <Panel
        title="Loss"
        epochs={epochs}
        planned={planned}
        least={0}
        most={highest}
        label={(value) => decimal(value, 2)}
        lines={[{ name: 'training', className: 'line-2', values: losses }]}
      />
    </div>
  );
}
