-- A request that comes again with its Idempotency-Key gets the answer of the first. The seed names
-- whatever the request makes, so that a second run after a crash makes the same.
CREATE TABLE api_request (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  owner text NOT NULL,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
  seed uuid NOT NULL,
  -- Who works on it now; another may take it over when it has been silent for long.
  claim uuid NOT NULL,
  claimed_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  status int CHECK (status BETWEEN 200 AND 499),
  -- It may hold a page's address or a secret that is shown once.
  answer_sealed bytea,
  PRIMARY KEY (shard_key, owner, idempotency_key),
  CHECK ((status IS NULL) = (answer_sealed IS NULL))
);
COMMENT ON TABLE api_request IS 'sharded: requests with an Idempotency-Key and their answers, kept for a day';
CREATE INDEX api_request_created_at ON api_request (created_at);

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON api_request TO monetique_app;
  END IF;
END $$;
