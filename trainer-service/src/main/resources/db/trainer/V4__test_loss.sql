-- Mean cross-entropy of the test images after the epoch. Null for epochs recorded before.
alter table epoch_metrics add column test_loss double precision;
