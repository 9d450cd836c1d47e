// What the services answer; the records of model-contract as JSON.

export type JobState =
  | 'QUEUED'
  | 'RUNNING'
  | 'STOPPING'
  | 'STOPPED'
  | 'COMPLETED'
  | 'FAILED'
  | 'RECOVERING';

/** TRAIN: a training of its own; the others work on what another job, their origin, has trained. */
export type JobKind = 'TRAIN' | 'EXPORT' | 'REPRODUCE';

/** Whether a training gave the weights that it gave before; null while it has not ended. */
export interface Reproduction {
  expectedWeightsSha256: string;
  weightsSha256?: string | null;
  identical?: boolean | null;
}

export interface JobProgress {
  step: string;
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  loss: number;
  accuracy: number;
  imagesPerSecond: number;
  secondsLeft: number;
}

export interface EpochMetrics {
  epoch: number;
  trainLoss: number;
  trainAccuracy: number;
  testAccuracy: number;
  testLoss?: number | null;
  learningRate: number;
  imagesPerSecond: number;
}

export interface TrainingJobRequest {
  name: string;
  dataSet: {
    kind: 'digits' | 'path';
    path?: string | null;
    trainImages?: number | null;
    testImages?: number | null;
  };
  network?: Record<string, unknown> | null;
  training?: {
    epochs?: number | null;
    batchSize?: number | null;
    learningRate?: number | null;
    seed?: number | null;
  } | null;
}

/** Where a job stands. */
interface JobStanding {
  id: string;
  state: JobState;
  progress: JobProgress;
  failure?: string | null;
  version?: number | null;
  metrics: Record<string, number>;
  secondsByStep: Record<string, number>;
  createdAt: string;
  startedAt?: string | null;
  endedAt?: string | null;
  kind?: JobKind;
  origin?: string | null;
  weightsSha256?: string | null;
  reproduction?: Reproduction | null;
}

export interface TrainingJob extends JobStanding {
  request: TrainingJobRequest;
  curve: EpochMetrics[];
}

/** A job as the list shows it: without its curve and the whole request. */
export interface TrainingJobSummary extends JobStanding {
  name: string;
  dataSet: TrainingJobRequest['dataSet'];
}

export interface TrainingJobPage {
  items: TrainingJobSummary[];
  /** What `after` continues with; absent on the last page. */
  next?: string;
}

export interface MetricSeries<T> {
  series: 'epoch' | 'step';
  recorded: number;
  points: T[];
}

export interface RegisteredModel {
  name: string;
  description: string;
  versions: number;
  aliases: Record<string, number>;
  createdAt: string;
  tags?: Record<string, string>;
}

export interface RegisteredModelPage {
  items: RegisteredModel[];
  /** What `after` continues with; null on the last page. */
  next?: string | null;
}

export interface ModelVersionPage {
  items: ModelVersion[];
  /** What `after` continues with; null on the last page. */
  next?: string | null;
}

export type VersionState = 'PENDING' | 'READY' | 'FAILED' | 'ARCHIVED';

export interface ExportProof {
  images: number;
  argmaxAgreements: number;
  maxLogitError: number;
  spikes: number;
  differingSpikes: number;
  multiplicationFree: boolean;
  runtime: string;
}

/** The version whose weights a model's training started from. */
export interface Parent {
  model: string;
  version: number;
  checkpointSha256: string;
  mode: 'INHERIT' | 'FINE_TUNE';
  timeSteps: number;
}

export interface ModelVersion {
  model: string;
  version: number;
  state: VersionState;
  aliases: string[];
  sourceJobId: string;
  card: {
    variant: string;
    network: {
      imageHeight: number;
      imageWidth: number;
      timeSteps: number;
      embeddingDim: number;
      depths: number[];
    };
    labels: string[];
    provenance: { dataSet: string; parent?: Parent | null };
  };
  artifacts: Record<string, { sha256: string; size: number }>;
  metrics: Record<string, number>;
  proof: ExportProof;
  createdAt: string;
  tags?: Record<string, string>;
  /** Files that were found damaged and are not served. */
  damaged?: string[];
}

/** What a version must fulfil before an alias points at it. */
export interface Gate {
  conditions: GateCondition[];
}

export interface GateCondition {
  metric: string;
  comparison: string;
  constant?: number | null;
  /** A number of the version that the alias points at now. */
  holder?: { metric?: string | null; factor?: number | null; offset?: number | null } | null;
}

export interface AliasMove {
  from?: number | null;
  to?: number | null;
  actor: string;
  movedAt: string;
  overrideReason?: string | null;
}

export type Precision = 'fp32' | 'int8' | 'auto';

export interface Classification {
  model: string;
  version: number;
  precision?: Precision;
  predictions: { label: string; index: number; probability: number }[];
  energy: EnergyReport;
  waitMillis: number;
  computeMillis: number;
}

export interface EnergyReport {
  model: { name: string; addPicojoules: number; macPicojoules: number };
  picojoules: number;
  annPicojoules: number;
  quantisedAnn?: { activationBits: number; macs: number; picojoules: number };
  timesAnn?: number;
  timesQuantisedAnn?: number;
  operations: {
    synapticAdditions: number;
    denseAdditions: number;
    macs: number;
    macsEveryStep: number;
    membraneUpdates: number;
    biasAdditions: number;
    skipAdditions: number;
    annMacs: number;
  };
  spikes: number;
  firingRate: number;
}

export function hasEnded(state: JobState): boolean {
  return state === 'STOPPED' || state === 'COMPLETED' || state === 'FAILED';
}
