-- blocks: SHA-256 of each MiB of the content, 32 bytes each, so that a part can be verified as it
-- is read; null for content that was stored before there were any. touched_at: when it was last
-- uploaded or asked for; the grace period of what no version refers to begins there. damaged_at:
-- when the stored content was found damaged or gone; an upload of the same content clears it.
alter table artifact
    add column blocks     bytea check (octet_length(blocks) % 32 = 0),
    add column touched_at timestamptz not null default now(),
    add column damaged_at timestamptz;
create index artifact_by_touch on artifact (touched_at);
create index artifact_damaged on artifact (sha256) where damaged_at is not null;

-- Uploads that go on after an interruption. What has come so far lies in a file of the same name;
-- its length is the upload's offset.
create table upload (
    id         uuid        primary key default gen_random_uuid(),
    sha256     text        not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size       bigint      not null check (size >= 0),
    actor      text        not null,
    created_at timestamptz not null default now(),
    touched_at timestamptz not null default now()
);
create index upload_by_touch on upload (touched_at);
