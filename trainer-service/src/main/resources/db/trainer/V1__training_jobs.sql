-- A training job: what was asked, where it stands, and whose it is at the moment.
create table training_jobs (
  id              text        primary key,
  name            text        not null,
  request         jsonb       not null,
  state           text        not null
                  check (state in ('QUEUED', 'RUNNING', 'STOPPING', 'STOPPED', 'COMPLETED', 'FAILED', 'RECOVERING')),
  progress        jsonb       not null,
  prepared        jsonb,                 -- the plan and the data it holds for; written by prepareData
  checkpoint      jsonb,                 -- the last checkpoint; moves with each chunk of train
  results         jsonb,                 -- of the test images; written by evaluate
  exported        jsonb,                 -- card, proof and artifacts; written by export
  metrics         jsonb       not null default '{}',
  seconds_by_step jsonb       not null default '{}',
  failure         text,
  version         integer,
  submitted_by    text        not null,
  idempotency_key text,
  owner           text,                  -- the worker that holds the job
  lease_until     timestamptz,           -- until when it does without a further heartbeat
  fence           bigint      not null default 0,  -- grows with each claim; an older holder's writes are refused
  takeovers       integer     not null default 0,  -- since the last checkpoint
  created_at      timestamptz not null default now(),
  started_at      timestamptz,
  ended_at        timestamptz,
  unique (submitted_by, idempotency_key)
);

create index training_jobs_waiting on training_jobs (created_at)
  where state in ('QUEUED', 'RUNNING', 'STOPPING', 'RECOVERING');
create index training_jobs_newest on training_jobs (created_at desc);

create table epoch_metrics (
  job_id            text             not null references training_jobs (id) on delete cascade,
  epoch             integer          not null,
  train_loss        double precision not null,
  train_accuracy    double precision not null,
  test_accuracy     double precision not null,
  learning_rate     double precision not null,
  images_per_second double precision not null,
  primary key (job_id, epoch)
);

-- What an event stream replays. A writer updates the job's row first, in the same transaction: its
-- lock orders the ids of one job, so that a reader who saw an id has seen every smaller one.
create table job_events (
  id         bigint      generated always as identity primary key,
  job_id     text        not null references training_jobs (id) on delete cascade,
  kind       text        not null check (kind in ('progress', 'metric', 'state', 'end')),
  data       jsonb       not null,
  created_at timestamptz not null default now()
);

create index job_events_of_job on job_events (job_id, id);
