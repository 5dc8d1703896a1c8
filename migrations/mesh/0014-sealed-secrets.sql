-- Secrets of the mesh lie sealed (libs/sealing) in `sealed`. What lies in clear in `secret` is sealed by the first mesh that starts with
-- SEALING_KEYS, since the database knows no key. A signing key that has ended has neither any more.
alter table keys add column sealed text;
alter table keys drop constraint keys_check;
alter table keys add constraint keys_check
  check ((kind = 'signing') = (hash is null) and num_nonnulls(secret, sealed) <= (kind = 'signing')::int);
alter table identity add column sealed text;
alter table identity alter column secret drop not null;
alter table identity add constraint identity_check check (num_nonnulls(secret, sealed) = 1);
