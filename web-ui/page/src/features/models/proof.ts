import type { ExportProof } from '../../api/types';
import { count, exactly } from '../../format/format';

/** Spikes that may differ between the exported model and the core, as a share of all. */
const SPIKE_TOLERANCE = 1e-5;

/** Whether the proof passed, by the contract's rule. */
export function passed(proof: ExportProof): boolean {
  return (
    proof.images > 0 &&
    proof.argmaxAgreements === proof.images &&
    proof.differingSpikes <= SPIKE_TOLERANCE * proof.spikes &&
    proof.multiplicationFree
  );
}

/** What the proof found, in words. */
export function inWords(proof: ExportProof): string {
  return [
    `${exactly(proof.argmaxAgreements)} of ${exactly(proof.images)} images in the same class`,
    `${exactly(proof.differingSpikes)} of ${count(proof.spikes)} spikes differ`,
    proof.multiplicationFree ? 'multiplication-free' : 'NOT multiplication-free',
    proof.runtime,
  ].join(', ');
}
