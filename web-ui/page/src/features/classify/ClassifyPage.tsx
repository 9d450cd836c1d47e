import { useEffect, useState } from 'react';
import { toProblem, type Problem } from '../../api/problem';
import type { Classification, ModelVersionPage, Precision, RegisteredModelPage } from '../../api/types';
import { useApi, useLoad } from '../../api/useApi';
import { percent } from '../../format/format';
import { Empty, Loading, ProblemNotice } from '../../ui/ui';
import { Answer } from './Answer';
import { PictureField } from './PictureField';

const ENERGY_MODELS: [name: string, words: string][] = [
  ['horowitz-45nm-compute', '32-bit float, 45 nm (the paper’s)'],
  ['fp16', '16-bit float'],
  ['int32', '32-bit integer'],
  ['int8', '8-bit integer'],
  ['memory-aware', 'with memory traffic'],
];

const PRECISIONS: [name: Precision | '', words: string][] = [
  ['', 'as set for the model'],
  ['fp32', 'single'],
  ['int8', '8-bit weights'],
  ['auto', '8-bit if as accurate'],
];

/** The address that classifies with these choices; no version means the champion, else the newest. */
export function classifyPath(model: string, version: string, energy: string, precision: Precision | ''): string {
  const reference = encodeURIComponent(model) + (version ? `:${version}` : '');
  const weights = precision ? `&precision=${precision}` : '';
  return `/api/v1/classify/${reference}?topK=5&energy=${encodeURIComponent(energy)}${weights}`;
}

/** Classifies a picture as soon as it and a model are chosen, and again when a choice changes. */
export function ClassifyPage() {
  const api = useApi();
  const models = useLoad<RegisteredModelPage>('/api/v1/models?limit=200');
  const [chosen, setChosen] = useState('');
  const [version, setVersion] = useState('');
  const [energy, setEnergy] = useState(ENERGY_MODELS[0]![0]);
  const [precision, setPrecision] = useState<Precision | ''>('');
  const [picture, setPicture] = useState<File>();
  const [answer, setAnswer] = useState<Classification>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);

  const model = chosen || (models.data?.items[0]?.name ?? '');
  const versions = useLoad<ModelVersionPage>(
    model ? `/api/v1/models/${encodeURIComponent(model)}/versions?limit=200` : null,
  );

  useEffect(() => {
    if (!picture || !model) {
      return;
    }
    const abort = new AbortController();
    setBusy(true);
    setProblem(undefined);
    api
      .upload<Classification>(classifyPath(model, version, energy, precision), picture, abort.signal)
      .then(setAnswer)
      .catch((failure: unknown) => {
        if (!abort.signal.aborted) {
          setAnswer(undefined);
          setProblem(toProblem(failure));
        }
      })
      .finally(() => !abort.signal.aborted && setBusy(false));
    return () => abort.abort();
  }, [api, picture, model, version, energy, precision, attempt]);

  if (models.problem) {
    return <ProblemNotice problem={models.problem} onRetry={models.reload} />;
  }
  if (!models.data) {
    return <Loading what="models" />;
  }
  return (
    <>
      <h1>Classify a picture</h1>
      {models.data.items.length === 0 ? (
        <Empty title="No models yet">Train a network first: its version appears here by itself.</Empty>
      ) : (
        <div className="columns">
          <section className="card" aria-label="Picture and model">
            <PictureField picture={picture} onPicture={setPicture} />
            <div className="fields">
              <label>
                Model
                <select
                  value={model}
                  onChange={(event) => {
                    setChosen(event.target.value);
                    setVersion('');
                  }}
                >
                  {models.data.items.map(({ name }) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
              <label>
                Version
                <select value={version} onChange={(event) => setVersion(event.target.value)}>
                  <option value="">
                    {versions.data?.items.some((known) => known.aliases.includes('champion'))
                      ? 'champion'
                      : 'newest that is ready'}
                  </option>
                  {versions.data?.items
                    .filter((known) => known.state === 'READY')
                    .map((known) => (
                      <option key={known.version} value={known.version}>
                        {known.version} ({percent(known.metrics['accuracy'])})
                      </option>
                    ))}
                </select>
              </label>
              <label>
                Precision
                <select value={precision} onChange={(event) => setPrecision(event.target.value as Precision | '')}>
                  {PRECISIONS.map(([name, words]) => (
                    <option key={name} value={name}>
                      {words}
                    </option>
                  ))}
                </select>
              </label>
              <label>
                Energy model
                <select value={energy} onChange={(event) => setEnergy(event.target.value)}>
                  {ENERGY_MODELS.map(([name, words]) => (
                    <option key={name} value={name}>
                      {words}
                    </option>
                  ))}
                </select>
              </label>
            </div>
          </section>
          <div className="list">
            {problem && (
              <ProblemNotice problem={problem} onRetry={() => setAttempt((before) => before + 1)} />
            )}
            {busy && !answer && (
              <p className="loading" role="status">
                <span className="spinner" aria-hidden="true" /> Classifying …
              </p>
            )}
            {answer && <Answer answer={answer} />}
            {!answer && !problem && !busy && (
              <Empty title="No picture yet">
                Its classes and the energy that its spikes cost appear here.
              </Empty>
            )}
          </div>
        </div>
      )}
    </>
  );
}
