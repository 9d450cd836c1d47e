import { useState } from 'react';
import { toProblem, type Problem } from '../../api/problem';
import type { ModelVersion, RegisteredModel } from '../../api/types';
import { useApi, usePages } from '../../api/useApi';
import { Loading, ProblemNotice, Tags } from '../../ui/ui';
import { AliasDetails } from './AliasDetails';
import { VersionRow } from './VersionRow';

const CHAMPION = 'champion';

/** One model and its versions, newest first. */
export function ModelCard({ model, onChange }: { model: RegisteredModel; onChange: () => void }) {
  const api = useApi();
  const path = `/api/v1/models/${encodeURIComponent(model.name)}`;
  const versions = usePages<ModelVersion>(`${path}/versions?limit=20`, 15_000);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);

  const crown = async (version: number) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await api.send('PUT', `${path}/aliases/${CHAMPION}`, { version });
      versions.reload();
      onChange();
    } catch (failure) {
      setProblem(toProblem(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <article className="card model" aria-label={`Model ${model.name}`}>
      <div className="head">
        <h2>{model.name}</h2>
        <span className="hint grow">
          {model.versions} {model.versions === 1 ? 'version' : 'versions'}
          {model.description && ` · ${model.description}`} <Tags tags={model.tags} />
        </span>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      {versions.problem && <ProblemNotice problem={versions.problem} onRetry={versions.reload} />}
      {!versions.data && !versions.problem && <Loading what="versions" />}
      {versions.data && versions.data.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label={`Versions of ${model.name}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Version</th>
                <th scope="col">State</th>
                <th scope="col">Accuracy</th>
                <th scope="col" title="An estimate from counted operations">
                  Energy an image
                </th>
                <th scope="col">Proof</th>
                <th scope="col">Files</th>
                <th scope="col" className="action">
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {versions.data.map((version) => (
                <VersionRow
                  key={version.version}
                  version={version}
                  onProblem={setProblem}
                  onCrown={
                    version.state === 'READY' && !version.aliases.includes(CHAMPION) && !busy
                      ? () => void crown(version.version)
                      : undefined
                  }
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {versions.more && (
        <button type="button" className="link" onClick={versions.more}>
          Older versions
        </button>
      )}
      {Object.keys(model.aliases)
        .sort()
        .map((alias) => (
          <AliasDetails key={alias} alias={alias} path={`${path}/aliases/${encodeURIComponent(alias)}`} />
        ))}
    </article>
  );
}
