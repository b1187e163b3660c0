-- Where a merchant of Maroc Telecommerce books its orders: a return that is signed without a payment
-- must not lead there. The addresses themselves are not kept, only what tells that one is met again.
CREATE TABLE booking_address (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  site_id text NOT NULL,
  shape_digest text NOT NULL CHECK (shape_digest ~ '^[0-9a-f]{32}$'),
  first_booked_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, site_id, shape_digest)
);
COMMENT ON TABLE booking_address IS 'sharded: the shape of an address at which a merchant''s site books paid orders';

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT SELECT, INSERT ON booking_address TO monetique_app;
  END IF;
END $$;
