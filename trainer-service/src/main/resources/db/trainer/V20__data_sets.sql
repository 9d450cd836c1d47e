-- An uploaded data set. Its archive is a file named by the id, which is there as long as the row is.
create table data_sets (
  id              text        primary key,
  name            text        not null unique,
  sha256          text        not null,  -- of the archive
  bytes           bigint      not null,
  height          integer     not null,
  width           integer     not null,
  classes         jsonb       not null,  -- label, train, test; the order is the labels' numbers
  bad_images      jsonb       not null,  -- path, reason; the first of bad_image_count
  bad_image_count integer     not null,
  created_by      text        not null,
  created_at      timestamptz not null default clock_timestamp()
);

create index data_sets_newest on data_sets (created_at desc, id desc);

-- A submission locks the data set's row (for share), a deletion too (for update): the one that comes
-- second sees what the first did.
create index training_jobs_of_data_set on training_jobs ((request #>> '{dataSet,id}'))
  where request #>> '{dataSet,id}' is not null;
