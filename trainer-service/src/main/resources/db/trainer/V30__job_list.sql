-- The list walks these indexes, newest first, and continues by the key (created_at, id).
drop index training_jobs_newest;
create index training_jobs_newest on training_jobs (created_at desc, id desc);
create index training_jobs_by_name on training_jobs (name, created_at desc, id desc);
create index training_jobs_by_state on training_jobs (state, created_at desc, id desc);

-- Means over the mini-batches of a segment, written in the transaction that moves the checkpoint.
create table step_metrics (
  job_id            text             not null references training_jobs (id) on delete cascade,
  step              bigint           not null,  -- mini-batches trained, over all epochs
  epoch             integer          not null,
  train_loss        double precision not null,
  train_accuracy    double precision not null,
  learning_rate     double precision not null,
  images_per_second double precision not null,
  primary key (job_id, step)
);

-- What the trainer logged while it ran a job: the newest lines.
create table job_logs (
  id        bigint      generated always as identity primary key,
  job_id    text        not null references training_jobs (id) on delete cascade,
  logged_at timestamptz not null,
  level     text        not null,
  message   text        not null
);

create index job_logs_of_job on job_logs (job_id, id);
