import type { RegisteredModelPage } from '../../api/types';
import { useLoad } from '../../api/useApi';
import { Empty, Loading, ProblemNotice } from '../../ui/ui';
import { ModelCard } from './ModelCard';

const EVERY_MILLIS = 15_000;

/** Registered models with their versions. */
export function ModelsPage() {
  const { data, problem, reload } = useLoad<RegisteredModelPage>('/api/v1/models?limit=200', EVERY_MILLIS);
  const models = data?.items;
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
        {data?.next && <p className="hint">The first {data.items.length} models; the API searches all of them.</p>}
      </section>
    </>
  );
}
