import type { Classification } from '../../api/types';
import { count, energy, exactly, millis, percent, ratio } from '../../format/format';
import { Figure } from '../../ui/ui';

/** A classification: the classes as bars, then the energy of this very picture. */
export function Answer({ answer }: { answer: Classification }) {
  const { energy: report, predictions } = answer;
  const { operations } = report;
  const share = report.annPicojoules > 0 ? report.picojoules / report.annPicojoules : 0;
  return (
    <div className="answer" aria-live="polite">
      <section className="card" aria-label="Classes">
        <h2>
          {predictions[0] ? (
            <>
              Most likely <em>{predictions[0].label}</em>
            </>
          ) : (
            'No class'
          )}
        </h2>
        <ol className="bars">
          {predictions.map((prediction) => (
            <li key={prediction.index}>
              <span className="label">{prediction.label}</span>
              <span className="bar">
                <span style={{ width: `${100 * Math.min(1, prediction.probability)}%` }} />
              </span>
              <span className="number">{percent(prediction.probability)}</span>
            </li>
          ))}
        </ol>
        <p className="hint">
          {answer.model}:{answer.version} · {answer.precision ?? 'fp32'} · computed in {millis(answer.computeMillis)}
          {answer.waitMillis >= 1 && `, after ${millis(answer.waitMillis)} of waiting`}
        </p>
      </section>

      <section className="card" aria-label="Energy">
        <h2>Energy of this picture</h2>
        <ul className="versus">
          <li>
            <span className="label">Spiking network</span>
            <span className="bar">
              <span style={{ width: `${100 * Math.min(1, share)}%` }} />
            </span>
            <strong className="number">{energy(report.picojoules)}</strong>
          </li>
          <li className="baseline">
            <span className="label">As an ANN</span>
            <span className="bar">
              <span style={{ width: '100%' }} />
            </span>
            <strong className="number">{energy(report.annPicojoules)}</strong>
          </li>
        </ul>
        <dl className="figures">
          <Figure name="Ratio">{ratio(report.annPicojoules, report.picojoules)} less</Figure>
          <Figure name="Spikes">{count(report.spikes)}</Figure>
          <Figure name="Firing rate">{percent(report.firingRate)}</Figure>
        </dl>
        <details>
          <summary>Operations counted</summary>
          <table className="plain">
            <tbody>
              {(
                [
                  ['Additions that spikes caused', operations.synapticAdditions],
                  ['Additions if every input spiked', operations.denseAdditions],
                  ['Multiply-accumulates, first layer alone', operations.macs],
                  ['The same counted at each time step', operations.macsEveryStep],
                  ['Membrane updates', operations.membraneUpdates],
                  ['Bias additions', operations.biasAdditions],
                  ['Skip additions', operations.skipAdditions],
                  ['Multiply-accumulates as an ANN', operations.annMacs],
                ] as const
              ).map(([name, value]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="number" title={exactly(value)}>
                    {count(value)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
        <p className="hint">
          An estimate by the model <code>{report.model.name}</code>: {report.model.addPicojoules} pJ an
          addition, {report.model.macPicojoules} pJ a multiply-accumulate; not a measurement.
        </p>
      </section>
    </div>
  );
}
