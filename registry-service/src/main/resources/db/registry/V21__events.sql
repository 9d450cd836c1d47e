-- What changed, for subscribers. Ids are given at commit, one transaction after the other: whoever
-- has read up to an id has missed nothing below it.
create table registry_event (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    kind    text        not null,
    model   text        not null,
    version integer,
    alias   text,
    detail  jsonb       not null
);
create index registry_event_by_age on registry_event (at);

-- The events up to this id may have been removed by age.
create table registry_event_floor (
    only_row boolean primary key default true check (only_row),
    id       bigint  not null
);
insert into registry_event_floor (id) values (0);

create function add_event(kind text, model_id bigint, version integer, alias text, detail jsonb)
returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock(7373, 1);
    insert into registry_event (kind, model, version, alias, detail)
    select add_event.kind, m.name, add_event.version, add_event.alias, add_event.detail
      from model m where m.id = add_event.model_id;
    perform pg_notify('registry_event', '');
end
$$;

create function version_event() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform add_event('version.created', new.model_id, new.version, null,
                          jsonb_build_object('state', new.state));
    elsif tg_op = 'DELETE' then
        perform add_event('version.purged', old.model_id, old.version, null,
                          jsonb_build_object('state', old.state));
    elsif old.deleted_at is null and new.deleted_at is not null then
        perform add_event('version.deleted', new.model_id, new.version, null,
                          jsonb_build_object('state', new.state));
    elsif old.deleted_at is not null and new.deleted_at is null then
        perform add_event('version.undeleted', new.model_id, new.version, null,
                          jsonb_build_object('state', new.state));
    elsif old.state <> new.state then
        perform add_event('version.changed', new.model_id, new.version, null,
                          jsonb_build_object('from', old.state, 'state', new.state));
    elsif old.tags <> new.tags then
        perform add_event('version.tagged', new.model_id, new.version, null,
                          jsonb_build_object('from', old.tags, 'to', new.tags));
    end if;
    return null;
end
$$;

create function alias_event() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        perform add_event('alias.moved', new.model_id, new.version, new.name,
                          jsonb_build_object('to', new.version));
    elsif tg_op = 'UPDATE' then
        if new.version is distinct from old.version then
            perform add_event('alias.moved', new.model_id, new.version, new.name,
                              jsonb_build_object('from', old.version, 'to', new.version));
        end if;
    else
        perform add_event('alias.removed', old.model_id, old.version, old.name,
                          jsonb_build_object('from', old.version));
    end if;
    return null;
end
$$;

create function damage_event() returns trigger language plpgsql as $$
declare
    hit record;
begin
    if (old.damaged_at is null) = (new.damaged_at is null) then
        return null;
    end if;
    for hit in select v.model_id, v.version, jsonb_agg(f.file order by f.file) as files
                 from version_artifact f join model_version v on v.id = f.version_id
                where f.sha256 = new.sha256
                group by v.model_id, v.version
                order by v.model_id, v.version loop
        perform add_event(
            case when new.damaged_at is null then 'version.repaired' else 'version.damaged' end,
            hit.model_id, hit.version, null, jsonb_build_object('files', hit.files));
    end loop;
    return null;
end
$$;

-- Deferred to the commit: the lock that orders the ids is the last that a transaction takes, and
-- held for its commit alone.
create constraint trigger model_version_event
    after insert or update or delete on model_version
    deferrable initially deferred for each row execute function version_event();
create constraint trigger alias_event
    after insert or update or delete on alias
    deferrable initially deferred for each row execute function alias_event();
create constraint trigger artifact_event
    after update on artifact
    deferrable initially deferred for each row execute function damage_event();
