import type { Classification, ModelVersion, TrainingJob, TrainingJobSummary } from '../api/types';

/** Answers as the services give them, for tests. */
export function job(changes: Partial<TrainingJob> = {}): TrainingJob {
  return {
    id: '0193a1b2-aaaa',
    state: 'RUNNING',
    request: { name: 'digits', dataSet: { kind: 'digits' } },
    progress: {
      step: 'train',
      epoch: 2,
      epochs: 5,
      batch: 500,
      batches: 1000,
      loss: 0.4321,
      accuracy: 0.871,
      imagesPerSecond: 1234,
      secondsLeft: 95,
    },
    curve: [],
    failure: null,
    version: null,
    metrics: {},
    secondsByStep: {},
    createdAt: '2026-11-23T12:00:00Z',
    startedAt: '2026-11-23T12:00:01Z',
    endedAt: null,
    ...changes,
  };
}

/** The same job as the list shows it. */
export function summary(changes: Partial<TrainingJobSummary> = {}): TrainingJobSummary {
  const { request, curve: _, ...rest } = job();
  return { ...rest, name: request.name, dataSet: request.dataSet, ...changes };
}

export function version(changes: Partial<ModelVersion> = {}): ModelVersion {
  return {
    model: 'digits',
    version: 2,
    state: 'READY',
    aliases: [],
    sourceJobId: '0193a1b2-aaaa',
    card: {
      variant: 'custom',
      network: { imageHeight: 32, imageWidth: 32, timeSteps: 4, embeddingDim: 48, depths: [2, 2] },
      labels: ['0', '1'],
      provenance: { dataSet: 'digits' },
    },
    artifacts: { 'model.onnx': { sha256: 'ab'.repeat(32), size: 1_100_000 } },
    metrics: { accuracy: 0.9815, energy_pj: 2_500_000 },
    proof: {
      images: 1000,
      argmaxAgreements: 1000,
      maxLogitError: 1e-5,
      spikes: 12_300_000,
      differingSpikes: 0,
      multiplicationFree: true,
      runtime: 'ONNX Runtime 1.29.0',
    },
    createdAt: '2026-11-23T12:04:00Z',
    ...changes,
  };
}

export const CLASSIFICATION: Classification = {
  model: 'digits',
  version: 2,
  precision: 'fp32',
  predictions: [
    { label: 'seven', index: 7, probability: 0.91 },
    { label: 'one', index: 1, probability: 0.06 },
  ],
  energy: {
    model: { name: 'horowitz-45nm-compute', addPicojoules: 0.9, macPicojoules: 4.6 },
    picojoules: 2_500_000,
    annPicojoules: 22_900_000,
    operations: {
      synapticAdditions: 2_300_000,
      denseAdditions: 16_000_000,
      macs: 147_456,
      macsEveryStep: 589_824,
      membraneUpdates: 120_000,
      biasAdditions: 110_000,
      skipAdditions: 45_000,
      annMacs: 4_980_000,
    },
    spikes: 33_000,
    firingRate: 0.14,
  },
  waitMillis: 0.2,
  computeMillis: 7.4,
};
