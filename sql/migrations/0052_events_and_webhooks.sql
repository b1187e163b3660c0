-- What merchants' servers are told of their payments: events, where each site wants them sent, and
-- each try at sending one.

CREATE TABLE api_event (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  event_key uuid NOT NULL,
  site_id text NOT NULL,
  type text NOT NULL CHECK (type IN ('payment.authorized', 'payment.captured', 'payment.declined',
    'payment.voided', 'payment.refunded')),
  -- The attempt that changed.
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  -- The payment as the API tells it, as it was then.
  data json NOT NULL,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, event_key)
);
COMMENT ON TABLE api_event IS 'sharded: a change of a payment as its site is told it';
CREATE INDEX api_event_newest ON api_event (shard_key, site_id, created_at DESC, event_key DESC);

CREATE TABLE webhook_endpoint (
  endpoint_id text PRIMARY KEY CHECK (endpoint_id ~ '^we_[0-9a-f]{32}$'),
  site_id text NOT NULL,
  url text NOT NULL CHECK (length(url) <= 2048),
  -- Names of types, or one star for all.
  events text[] NOT NULL CHECK (cardinality(events) >= 1),
  status text NOT NULL CHECK (status IN ('enabled', 'disabled')),
  description text,
  secret_sealed bytea NOT NULL,
  -- After a rotation both sign until then.
  previous_sealed bytea,
  previous_until timestamptz,
  -- Of the request that rotated last: run again, it does not rotate again.
  rotation_seed uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK ((previous_sealed IS NULL) = (previous_until IS NULL))
);
COMMENT ON TABLE webhook_endpoint IS 'reference: where a site wants its events, with the secret that signs them, sealed';
CREATE INDEX webhook_endpoint_site ON webhook_endpoint (site_id, created_at);

CREATE TABLE webhook_delivery (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  endpoint_id text NOT NULL,
  event_key uuid NOT NULL,
  payment_date date NOT NULL,
  try_number int NOT NULL CHECK (try_number >= 1),
  sent_at timestamptz NOT NULL,
  duration_ms int NOT NULL CHECK (duration_ms >= 0),
  url_host text NOT NULL,
  http_status int,
  result text NOT NULL CHECK (result IN ('delivered', 'http_status', 'redirect', 'too_large',
    'timeout', 'connection', 'address_refused')),
  excerpt text NOT NULL CHECK (length(excerpt) <= 200),
  PRIMARY KEY (shard_key, endpoint_id, event_key, try_number)
);
COMMENT ON TABLE webhook_delivery IS 'sharded: each try at sending an event to an endpoint, and its answer';
CREATE INDEX webhook_delivery_newest ON webhook_delivery (shard_key, endpoint_id, sent_at DESC, event_key DESC);

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT SELECT, INSERT, DELETE ON api_event, webhook_delivery TO monetique_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoint TO monetique_app;
  END IF;
END $$;
