-- Waiting jobs go by priority, then by age. A job of another kind than TRAIN works on what its
-- origin has trained; expected_weights is the hash that a REPRODUCE job compares with.
alter table training_jobs
  add column priority         smallint         not null default 5 check (priority between 0 and 9),
  add column kind             text             not null default 'TRAIN'
                              check (kind in ('TRAIN', 'EXPORT', 'REPRODUCE')),
  add column origin           text             references training_jobs (id) on delete set null,
  add column weights_sha256   text,             -- of the final weights; written by evaluate, by compare
  add column expected_weights text,
  add column queued_at        timestamptz      not null default clock_timestamp(),
  add column run_seconds      double precision not null default 0;  -- since it was last submitted or resumed

drop index training_jobs_waiting;
create index training_jobs_waiting on training_jobs (priority desc, created_at)
  where state in ('QUEUED', 'RUNNING', 'STOPPING', 'RECOVERING');
create index training_jobs_of_origin on training_jobs (origin) where origin is not null;
