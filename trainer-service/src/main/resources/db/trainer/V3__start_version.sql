-- The version that a job starts from as it was at submission: its number, checkpoint, network,
-- input and labels. What happens to its alias afterwards changes nothing for the job.
alter table training_jobs add column start_version jsonb;
