-- Registered models. last_version is the counter behind consecutive numbers: it is read and raised
-- under this row's lock, and never lowered, so that a number is never given twice.
create table model (
    id           bigint generated always as identity primary key,
    name         text        not null unique check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    description  text        not null default '',
    last_version integer     not null default 0 check (last_version >= 0),
    created_at   timestamptz not null default now()
);

-- Content known to the artifact store, one row a file.
create table artifact (
    sha256     text        primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    size       bigint      not null check (size >= 0),
    created_at timestamptz not null default now()
);

create table model_version (
    id            bigint generated always as identity primary key,
    model_id      bigint      not null references model (id),
    version       integer     not null check (version >= 1),
    state         text        not null check (state in ('PENDING', 'READY', 'FAILED', 'ARCHIVED')),
    source_job_id text        not null check (source_job_id <> ''),
    card          jsonb       not null,
    metrics       jsonb       not null,
    proof         jsonb       not null,
    created_at    timestamptz not null default now(),
    unique (model_id, version),
    unique (model_id, source_job_id)
);

create table version_artifact (
    version_id bigint not null references model_version (id),
    file       text   not null check (file ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
    sha256     text   not null references artifact (sha256),
    primary key (version_id, file)
);
create index version_artifact_by_content on version_artifact (sha256);

create table alias (
    model_id bigint      not null references model (id),
    name     text        not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    version  integer     not null,
    moved_at timestamptz not null default now(),
    primary key (model_id, name),
    foreign key (model_id, version) references model_version (model_id, version)
);
create index alias_by_version on alias (model_id, version);

-- Where each alias has pointed: from_version is null for a new alias, to_version for a removed one.
create table alias_history (
    id           bigint generated always as identity primary key,
    model_id     bigint      not null references model (id),
    alias        text        not null,
    from_version integer,
    to_version   integer,
    actor        text        not null,
    moved_at     timestamptz not null default now()
);
create index alias_history_by_alias on alias_history (model_id, alias, id);

-- Every change: who, what, to which model or artifact, with the numbers before and after.
create table audit_log (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    actor   text        not null check (actor <> ''),
    action  text        not null check (action <> ''),
    subject text        not null check (subject <> ''),
    detail  jsonb       not null
);
create index audit_log_by_subject on audit_log (subject, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end
$$;

create trigger audit_log_append_only
    before update or delete or truncate on audit_log
    for each statement execute function refuse_change();
create trigger alias_history_append_only
    before update or delete or truncate on alias_history
    for each statement execute function refuse_change();

-- A version's content never changes once it is registered; its state may.
create function refuse_version_change() returns trigger language plpgsql as $$
begin
    raise exception 'version % of model % is immutable', old.version, old.model_id
        using errcode = 'restrict_violation';
end
$$;

create trigger model_version_immutable
    before update on model_version
    for each row
    when ((old.model_id, old.version, old.source_job_id, old.card, old.metrics, old.proof, old.created_at)
          is distinct from
          (new.model_id, new.version, new.source_job_id, new.card, new.metrics, new.proof, new.created_at))
    execute function refuse_version_change();
create trigger version_artifact_immutable
    before update on version_artifact
    for each statement execute function refuse_change();
