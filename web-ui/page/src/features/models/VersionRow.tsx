import { useState } from 'react';
import { toProblem, type Problem } from '../../api/problem';
import type { ModelVersion } from '../../api/types';
import { useApi } from '../../api/useApi';
import { bytes, energy, instant, percent, ratio } from '../../format/format';
import { StateBadge, Tags } from '../../ui/ui';
import { lineage } from './lineage';
import { inWords, passed } from './proof';
import { openPage } from './openPage';
import { saveAs } from './saveAs';

const REPORT = 'report.html';

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

  const fetchFile = async (file: string, then: (content: Blob) => void) => {
    setFetching(file);
    onProblem(undefined);
    try {
      then(await api.download(`${path}/artifacts/${encodeURIComponent(file)}`));
    } catch (failure) {
      onProblem(toProblem(failure));
    } finally {
      setFetching(undefined);
    }
  };

  const download = (file: string) =>
    fetchFile(file, (content) => saveAs(content, `${version.model}-${version.version}-${file}`));

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
        <Tags tags={version.tags} />
      </th>
      <td className="state" data-name="State">
        <StateBadge state={version.state} />
        {version.damaged && version.damaged.length > 0 && (
          <div className="not-ok" title="Not served until the same content is uploaded again">
            damaged: {version.damaged.join(', ')}
          </div>
        )}
      </td>
      <td className="accuracy number" data-name="Accuracy">{percent(metrics['accuracy'], 2)}
        {metrics['accuracy_int8'] !== undefined && (
          <div className="hint">8-bit {percent(metrics['accuracy_int8'], 2)}</div>
        )}
      </td>
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
        {version.artifacts[REPORT] && (
          <button
            type="button"
            className="link report"
            disabled={fetching !== undefined}
            title="Opens in a new tab"
            onClick={() => void fetchFile(REPORT, openPage)}
          >
            Report
          </button>
        )}
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
