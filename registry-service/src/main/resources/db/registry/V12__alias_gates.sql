-- What a version must fulfil before an alias points at it: a list of conditions as JSON.
create table alias_gate (
    model_id   bigint      not null references model (id),
    alias      text        not null check (alias ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    conditions jsonb       not null check (jsonb_typeof(conditions) = 'array'),
    set_at     timestamptz not null default now(),
    primary key (model_id, alias)
);

-- Why a gate was overridden; null for a move that needed no override.
alter table alias_history add column override_reason text;
