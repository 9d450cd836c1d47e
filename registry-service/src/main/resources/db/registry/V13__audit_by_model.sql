-- A model's own entries: its name is what stands before ':' or '@' in their subject.
alter table audit_log
    add column model text generated always as (
        case when action ~ '^(model|version|alias)[.]' then regexp_replace(subject, '[:@].*$', '') end
    ) stored;
create index audit_log_by_model on audit_log (model, id);
create index audit_log_by_actor on audit_log (actor, id);
create index audit_log_by_time on audit_log (at, id);
