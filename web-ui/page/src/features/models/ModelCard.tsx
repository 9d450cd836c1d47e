import { useState } from 'react';
import { toProblem, type Problem } from '../../api/problem';
import type { ModelVersionPage, RegisteredModel } from '../../api/types';
import { useApi, useLoad } from '../../api/useApi';
import { Loading, ProblemNotice } from '../../ui/ui';
import { VersionRow } from './VersionRow';

const CHAMPION = 'champion';

/** One model and its versions, newest first. */
export function ModelCard({ model, onChange }: { model: RegisteredModel; onChange: () => void }) {
  const api = useApi();
  const path = `/api/v1/models/${encodeURIComponent(model.name)}`;
  const versions = useLoad<ModelVersionPage>(`${path}/versions?limit=200`, 15_000);
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
          {model.description && ` · ${model.description}`}
        </span>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      {versions.problem && <ProblemNotice problem={versions.problem} onRetry={versions.reload} />}
      {!versions.data && !versions.problem && <Loading what="versions" />}
      {versions.data && versions.data.items.length > 0 && (
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
              {versions.data.items.map((version) => (
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
    </article>
  );
}
