import type { ModelVersion } from '../../api/types';

/** Where a version's weights came from, in words; undefined for a version from scratch. */
export function lineage({ card }: ModelVersion): string | undefined {
  const parent = card.provenance.parent;
  if (!parent) {
    return undefined;
  }
  const from = `from ${parent.model}:${parent.version}`;
  if (parent.mode === 'FINE_TUNE') {
    return `${from} (fine-tuned)`;
  }
  return parent.timeSteps === card.network.timeSteps
    ? `${from} (trained on)`
    : `${from} (time inheritance T ${parent.timeSteps} → ${card.network.timeSteps})`;
}
