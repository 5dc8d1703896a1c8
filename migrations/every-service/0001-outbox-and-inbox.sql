-- Events written in the transaction of the change they tell of; the relay deletes a row once the broker has confirmed it.
create table outbox (
  id bigint generated always as identity primary key,
  message_id uuid not null default gen_random_uuid(),
  event text not null,
  payload json not null,
  request_id text not null,
  created_at timestamptz not null default now(),
  claimed_until timestamptz not null default '-infinity',
  failed_at timestamptz,
  error text
);
create index outbox_to_tell on outbox (claimed_until, id) where failed_at is null;

-- Messages already heard: a second delivery finds its row and does nothing.
create table inbox (
  message_id uuid not null,
  consumer text not null,
  heard_at timestamptz not null default now(),
  primary key (message_id, consumer)
);
create index inbox_heard_at on inbox (heard_at);
