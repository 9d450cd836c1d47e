-- Tags, and beside each model the metrics of its newest READY version: a search over models reads
-- one row a model and no version. A trigger keeps them, whatever changes a version.
alter table model
    add column tags           jsonb not null default '{}' check (jsonb_typeof(tags) = 'object'),
    add column newest_ready   integer,
    add column newest_metrics jsonb;
create index model_by_tag on model using gin (tags jsonb_path_ops);
create index model_by_creation on model (created_at, name);

-- A deleted version keeps its row and its files until its grace period is over.
alter table model_version
    add column tags          jsonb not null default '{}' check (jsonb_typeof(tags) = 'object'),
    add column archived_from text check (archived_from in ('READY', 'FAILED')),
    add column deleted_at    timestamptz,
    add constraint archived_from_a_state check (state <> 'ARCHIVED' or archived_from is not null);
create index model_version_deleted on model_version (deleted_at) where deleted_at is not null;
create index model_version_by_job on model_version (source_job_id);

create function refresh_newest_ready() returns trigger language plpgsql as $$
declare
    changed bigint;
begin
    if tg_op = 'DELETE' then
        changed := old.model_id;
    else
        changed := new.model_id;
    end if;
    update model m
       set (newest_ready, newest_metrics) =
           (select v.version, v.metrics
              from model_version v
             where v.model_id = m.id and v.state = 'READY' and v.deleted_at is null
             order by v.version desc
             limit 1)
     where m.id = changed;
    return null;
end
$$;

create trigger model_version_newest_ready
    after insert or update of state, deleted_at or delete on model_version
    for each row execute function refresh_newest_ready();

update model m
   set (newest_ready, newest_metrics) =
       (select v.version, v.metrics
          from model_version v
         where v.model_id = m.id and v.state = 'READY'
         order by v.version desc
         limit 1);
