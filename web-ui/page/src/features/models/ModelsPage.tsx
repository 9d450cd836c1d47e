import type { RegisteredModel } from '../../api/types';
import { usePages } from '../../api/useApi';
import { Empty, Loading, ProblemNotice } from '../../ui/ui';
import { ModelCard } from './ModelCard';

const EVERY_MILLIS = 15_000;

/** Registered models with their versions. */
export function ModelsPage() {
  const { data: models, problem, reload, more } = usePages<RegisteredModel>('/api/v1/models?limit=50', EVERY_MILLIS);
  return (
    <>
      <h1>Models</h1>
      <section className="list" aria-label="Models">
        {problem && <ProblemNotice problem={problem} onRetry={reload} />}
        {!models && !problem && <Loading what="models" />}
        {models?.length === 0 && (
          <Empty title="No models yet">A training job that ends well registers its first version here.</Empty>
        )}
        {models?.map((model) => (
          <ModelCard key={model.name} model={model} onChange={reload} />
        ))}
        {more && (
          <button type="button" onClick={more}>
            More models
          </button>
        )}
      </section>
    </>
  );
}
