-- The version whose weights training started from, as the card names it, and what was found of it
-- at registration: MATCHED has the checkpoint named, OTHER_CHECKPOINT has not, ABSENT is unknown here.
alter table model_version
    add column parent_model   text,
    add column parent_version integer,
    add column parent_check   text check (parent_check in ('MATCHED', 'OTHER_CHECKPOINT', 'ABSENT')),
    add constraint parent_whole check (
        (parent_model is null) = (parent_version is null)
        and (parent_model is null) = (parent_check is null));

update model_version c
   set parent_model   = c.card #>> '{provenance,parent,model}',
       parent_version = (c.card #>> '{provenance,parent,version}')::integer,
       parent_check   = coalesce(
           (select case when exists (select from version_artifact f
                                      where f.version_id = v.id
                                        and f.file = 'checkpoint.safetensors'
                                        and f.sha256 =
                                            c.card #>> '{provenance,parent,checkpointSha256}')
                        then 'MATCHED' else 'OTHER_CHECKPOINT' end
              from model_version v join model m on m.id = v.model_id
             where m.name = c.card #>> '{provenance,parent,model}'
               and v.version = (c.card #>> '{provenance,parent,version}')::integer),
           'ABSENT')
 where c.card #>> '{provenance,parent,model}' is not null;

create index model_version_by_parent on model_version (parent_model, parent_version)
    where parent_model is not null;

drop trigger model_version_immutable on model_version;
create trigger model_version_immutable
    before update on model_version
    for each row
    when ((old.model_id, old.version, old.source_job_id, old.card, old.metrics, old.proof,
           old.created_at, old.parent_model, old.parent_version, old.parent_check)
          is distinct from
          (new.model_id, new.version, new.source_job_id, new.card, new.metrics, new.proof,
           new.created_at, new.parent_model, new.parent_version, new.parent_check))
    execute function refuse_version_change();
