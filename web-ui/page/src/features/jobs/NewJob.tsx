import { useState, type FormEvent } from 'react';
import { toProblem, type Problem } from '../../api/problem';
import type { TrainingJob, TrainingJobRequest } from '../../api/types';
import { useApi } from '../../api/useApi';
import { ProblemNotice } from '../../ui/ui';

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const NAME_RULE =
  '1 to 64 of a-z, 0-9, point, underscore and hyphen, beginning with a letter or digit';

function number(fields: FormData, name: string): number | null {
  const text = String(fields.get(name) ?? '').trim();
  return text === '' ? null : Number(text);
}

/** The request that the form's fields make; an empty field is left to its default. */
export function requestOf(fields: FormData): TrainingJobRequest {
  const path = fields.get('kind') === 'path';
  return {
    name: String(fields.get('name') ?? '').trim(),
    dataSet: path
      ? { kind: 'path', path: String(fields.get('path') ?? '').trim() }
      : { kind: 'digits', trainImages: number(fields, 'trainImages') },
    training: {
      epochs: number(fields, 'epochs'),
      batchSize: number(fields, 'batchSize'),
      learningRate: number(fields, 'learningRate'),
      seed: number(fields, 'seed'),
    },
  };
}

function NumberField({ name, label, usual, least, step = 1 }: {
  name: string;
  label: string;
  usual: string;
  least: number;
  step?: number | 'any';
}) {
  return (
    <label>
      {label}
      <input name={name} type="number" inputMode="decimal" min={least} step={step} placeholder={usual} />
    </label>
  );
}

/** The form that submits a training job. */
export function NewJob({ onSubmitted }: { onSubmitted: (job: TrainingJob) => void }) {
  const api = useApi();
  const [kind, setKind] = useState('digits');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const request = requestOf(new FormData(event.currentTarget));
    if (!NAME.test(request.name)) {
      setProblem({
        status: 0,
        title: 'Some values are wrong',
        detail: '',
        code: '',
        errors: [{ field: 'name', value: request.name, message: NAME_RULE }],
      });
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      onSubmitted(await api.send<TrainingJob>('POST', '/api/v1/training-jobs', request));
    } catch (failure) {
      setProblem(toProblem(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="card new-job" onSubmit={submit} noValidate aria-labelledby="new-job">
      <h2 id="new-job">Train a network</h2>
      <div className="fields">
        <label>
          Model name
          <input name="name" defaultValue="digits" required maxLength={64} autoComplete="off" title={NAME_RULE} />
        </label>
        <label>
          Images
          <select name="kind" value={kind} onChange={(event) => setKind(event.target.value)}>
            <option value="digits">Digits drawn by code</option>
            <option value="path">A folder or archive on the server</option>
          </select>
        </label>
        {kind === 'path' && (
          <label className="wide">
            Path on the server
            <input name="path" required placeholder="below one of the trainer's data roots" autoComplete="off" />
          </label>
        )}
        <NumberField name="epochs" label="Epochs" usual="5" least={1} />
      </div>
      <details>
        <summary>More options</summary>
        <div className="fields">
          {kind === 'digits' && (
            <NumberField name="trainImages" label="Training images" usual="20000" least={1} />
          )}
          <NumberField name="batchSize" label="Batch size" usual="64" least={1} />
          <NumberField name="learningRate" label="Learning rate" usual="0.1" least={0} step="any" />
          <NumberField name="seed" label="Seed" usual="1" least={0} />
        </div>
      </details>
      {problem && <ProblemNotice problem={problem} />}
      <button type="submit" className="primary" disabled={busy}>
        {busy ? 'Submitting …' : 'Start training'}
      </button>
    </form>
  );
}
