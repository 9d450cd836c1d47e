create table webhook (
    id         uuid        primary key default gen_random_uuid(),
    url        text        not null,
    kinds      text[]      not null default '{}',
    model      text,
    secret     text        not null,
    created_by text        not null,
    created_at timestamptz not null default now()
);

-- One row an event and webhook, made with the event. next_attempt_at is null once it has ended.
create table webhook_delivery (
    id              bigint generated always as identity primary key,
    webhook_id      uuid        not null references webhook (id) on delete cascade,
    event_id        bigint      not null references registry_event (id) on delete cascade,
    state           text        not null default 'PENDING'
                    check (state in ('PENDING', 'DELIVERED', 'FAILED')),
    attempts        integer     not null default 0,
    next_attempt_at timestamptz default now(),
    created_at      timestamptz not null default now()
);
create index webhook_delivery_due on webhook_delivery (next_attempt_at)
    where next_attempt_at is not null;
create index webhook_delivery_by_webhook on webhook_delivery (webhook_id, id);
create index webhook_delivery_by_event on webhook_delivery (event_id);

-- The delivery log: status is null if there was no answer.
create table webhook_attempt (
    delivery_id bigint      not null references webhook_delivery (id) on delete cascade,
    attempt     integer     not null,
    at          timestamptz not null default now(),
    status      integer,
    outcome     text        not null,
    millis      integer     not null,
    primary key (delivery_id, attempt)
);

create function enqueue_deliveries() returns trigger language plpgsql as $$
begin
    insert into webhook_delivery (webhook_id, event_id)
    select w.id, new.id from webhook w
     where (w.model is null or w.model = new.model)
       and (cardinality(w.kinds) = 0 or new.kind = any (w.kinds));
    return null;
end
$$;
create trigger registry_event_deliveries
    after insert on registry_event for each row execute function enqueue_deliveries();
