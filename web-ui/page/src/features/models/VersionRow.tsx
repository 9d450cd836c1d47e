import { useState } from 'react';
import { toProblem, type Problem } from '../../api/problem';
import type { ModelVersion } from '../../api/types';
import { useApi } from '../../api/useApi';
import { bytes, energy, instant, percent, ratio } from '../../format/format';
import { StateBadge } from '../../ui/ui';
import { lineage } from './lineage';
import { inWords, passed } from './proof';
import { saveAs } from './saveAs';

function network(version: ModelVersion): string {
  const { network: config, provenance } = version.card;
  return (
    `${config.imageHeight}×${config.imageWidth} · C ${config.embeddingDim} · depths ` +
    `${config.depths.join(', ')} · T ${config.timeSteps} · ${provenance.dataSet}`
  );
}

/** One version of a model, as a row of its table. */
export function VersionRow({ version, onCrown, onProblem }: {
  version: ModelVersion;
  /** Makes this version the champion; undefined where that is not possible. */
  onCrown: (() => void) | undefined;
  onProblem: (problem: Problem | undefined) => void;
}) {
  const api = useApi();
  const [fetching, setFetching] = useState<string>();
  const path = `/api/v1/models/${encodeURIComponent(version.model)}/versions/${version.version}`;
  const { metrics, proof } = version;
  const origin = lineage(version);
  const ann = metrics['ann_energy_pj'];

  const download = async (file: string) => {
    setFetching(file);
    onProblem(undefined);
    try {
      const content = await api.download(`${path}/artifacts/${encodeURIComponent(file)}`);
      saveAs(content, `${version.model}-${version.version}-${file}`);
    } catch (failure) {
      onProblem(toProblem(failure));
    } finally {
      setFetching(undefined);
    }
  };

  return (
    <tr>
      <th scope="row" className="version">
        {version.version}{' '}
        {version.aliases.map((alias) => (
          <span key={alias} className="badge alias">
            {alias}
          </span>
        ))}
        <div className="hint">{instant(version.createdAt)}</div>
        <div className="hint">{network(version)}</div>
        {origin && <div className="hint">{origin}</div>}
      </th>
      <td className="state" data-name="State">
        <StateBadge state={version.state} />
      </td>
      <td className="accuracy number" data-name="Accuracy">{percent(metrics['accuracy'], 2)}</td>
      <td className="energy" data-name="Energy an image">
        <span className="number">{energy(metrics['energy_pj'] ?? NaN)}</span>
        {ann !== undefined && (
          <div className="hint">{ratio(ann, metrics['energy_pj'] ?? NaN)} less than as an ANN</div>
        )}
      </td>
      <td className="proof" data-name="Proof">
        <span className={passed(proof) ? 'ok' : 'not-ok'}>{passed(proof) ? 'passed' : 'not passed'}</span>
        <div className="hint">{inWords(proof)}</div>
      </td>
      <td className="files" data-name="Files">
        <ul>
          {Object.entries(version.artifacts)
            .sort(([a], [b]) => a.localeCompare(b))
            .map(([file, { size }]) => (
              <li key={file}>
                <button
                  type="button"
                  className="link"
                  disabled={fetching !== undefined}
                  onClick={() => void download(file)}
                >
                  {file}
                </button>{' '}
                <span className="hint">{fetching === file ? 'fetching …' : bytes(size)}</span>
              </li>
            ))}
        </ul>
      </td>
      <td className="action">
        {onCrown && (
          <button type="button" onClick={onCrown}>
            Make champion
          </button>
        )}
      </td>
    </tr>
  );
}
