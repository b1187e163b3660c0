-- Links that a merchant sends to customers: each visit opens a payment page, until it is paid as
-- often as it may be, or is over.

CREATE TABLE payment_link (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  link_key uuid NOT NULL,
  business_date date NOT NULL,
  site_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('preauthorization', 'purchase')),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency text NOT NULL CHECK (length(currency) = 3),
  -- The order, or what its orders begin with where it may be paid more than once.
  reference text NOT NULL CHECK (length(reference) BETWEEN 1 AND 50),
  description text,
  return_url text,
  language text NOT NULL CHECK (language IN ('fr', 'ar', 'en')),
  max_payments int NOT NULL CHECK (max_payments >= 1),
  expires_at timestamptz,
  deactivated_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, link_key)
);
COMMENT ON TABLE payment_link IS 'sharded: an address that opens a payment page at each visit';
CREATE INDEX payment_link_newest ON payment_link (shard_key, site_id, created_at DESC, link_key DESC);

ALTER TABLE web_order ADD COLUMN link_key uuid;
CREATE INDEX web_order_link ON web_order (shard_key, link_key) WHERE link_key IS NOT NULL;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT SELECT, INSERT, UPDATE ON payment_link TO monetique_app;
  END IF;
END $$;
