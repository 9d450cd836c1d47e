-- Jobs queued in one transaction keep the order in which they were queued.
alter table training_jobs alter column created_at set default clock_timestamp();

-- A study: a grid of trainings. Where it stands follows from its runs.
create table studies (
  id              text        primary key,
  name            text        not null,
  request         json        not null,  -- as text: a replayed body is compared with it
  submitted_by    text        not null,
  idempotency_key text,
  stopped         boolean     not null default false,
  created_at      timestamptz not null default now(),
  unique (submitted_by, idempotency_key)
);

create index studies_newest on studies (created_at desc);

-- A cell with one seed. The key, and a job's being noted in the transaction that queues it, are
-- what keeps a run from being trained twice.
create table study_runs (
  study_id    text    not null references studies (id) on delete cascade,
  cell        integer not null,                        -- its place in the grid, from 0
  seed        bigint  not null,
  label       text    not null,                        -- the cell's
  request     jsonb   not null,                        -- the job's; without start where it has a parent
  parent_cell integer,                                 -- whose version with the same seed it starts from
  job_id      text    unique references training_jobs (id),
  failure     text,                                    -- why no job could be submitted
  primary key (study_id, cell, seed)
);

create index study_runs_waiting on study_runs (study_id) where job_id is null and failure is null;
