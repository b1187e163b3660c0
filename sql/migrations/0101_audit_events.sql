-- Who did what: each use of a key that changes something or is refused, each key made, each attempt
-- at a payment page, each close of a business day. A writer (one process) chains its rows: a digest
-- covers the row and the digest before it, so that a row changed or removed later is found.

CREATE TABLE audit_event (
  -- Of the writer: its whole chain lies in one bucket.
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  writer uuid NOT NULL,
  position int NOT NULL CHECK (position >= 0),
  occurred_at timestamptz NOT NULL,
  kind text NOT NULL CHECK (kind IN ('chain', 'api_request', 'cc5_request', 'key', 'attempt',
    'business_day')),
  actor text NOT NULL,
  site_id text,
  outcome text NOT NULL,
  address text,
  -- As the digest covers it, to the byte: json keeps its text.
  facts json NOT NULL,
  previous_digest bytea NOT NULL CHECK (length(previous_digest) = 32),
  digest bytea NOT NULL CHECK (length(digest) = 32),
  PRIMARY KEY (shard_key, writer, position)
);
COMMENT ON TABLE audit_event IS 'sharded: who did what, chained by digests; append-only';
CREATE INDEX audit_event_newest ON audit_event (occurred_at DESC, writer DESC, position DESC);
CREATE INDEX audit_event_chains ON audit_event (occurred_at DESC) WHERE position = 0;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT SELECT, INSERT ON audit_event TO monetique_app;
  END IF;
END $$;
