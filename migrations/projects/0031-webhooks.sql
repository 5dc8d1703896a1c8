-- Where a project's events are sent. The secret is sealed (libs/sealing); `failing_since` is when it last began to fail.
create table webhooks (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  project_id uuid not null references projects on delete cascade,
  url text not null,
  description text,
  events text[] not null,
  secret text not null,
  is_active boolean not null default true,
  created_by uuid references users on delete set null,
  created_at timestamptz(3) not null default now(),
  failing_since timestamptz(3),
  paused_at timestamptz(3)
);
create index webhooks_project_id_idx on webhooks (project_id, seq);
create index webhooks_created_by_idx on webhooks (created_by);

-- What is to be sent, written in the transaction of what it tells of; and what came of it. Whoever sends one moves
-- `next_attempt_at` first, so that no other sender takes it meanwhile.
create table webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  seq bigserial unique,
  webhook_id uuid not null references webhooks on delete cascade,
  event text not null,
  body text not null,
  redelivery_of uuid references webhook_deliveries on delete set null,
  status text not null default 'waiting' check (status in ('waiting', 'succeeded', 'failed')),
  attempts smallint not null default 0,
  next_attempt_at timestamptz(3) not null default now(),
  response_status smallint,
  response_body text,
  error text,
  duration_ms integer,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3)
);
create index webhook_deliveries_log_idx on webhook_deliveries (webhook_id, seq desc);
create index webhook_deliveries_waiting_idx on webhook_deliveries (webhook_id, next_attempt_at, seq) where status = 'waiting';
create index webhook_deliveries_finished_at_idx on webhook_deliveries (finished_at) where finished_at is not null;
create index webhook_deliveries_redelivery_of_idx on webhook_deliveries (redelivery_of);
