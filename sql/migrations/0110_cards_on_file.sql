-- Cards that a merchant keeps for a customer's later payments, and what a payment says of one.

CREATE TABLE customer (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  customer_key uuid NOT NULL,
  business_date date NOT NULL,
  site_id text NOT NULL,
  reference text CHECK (length(reference) BETWEEN 1 AND 64),
  name text,
  email text,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (shard_key, customer_key),
  -- Who was deleted is not remembered, only that there was somebody.
  CHECK (deleted_at IS NULL OR (reference IS NULL AND name IS NULL AND email IS NULL))
);
COMMENT ON TABLE customer IS 'sharded: whom a merchant''s site keeps cards for';
CREATE INDEX customer_newest ON customer (shard_key, site_id, created_at DESC, customer_key DESC)
  WHERE deleted_at IS NULL;

CREATE TABLE card_on_file (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  card_key uuid NOT NULL,
  business_date date NOT NULL,
  customer_key uuid NOT NULL,
  site_id text NOT NULL,
  -- Gone with the card: whoever reads this table afterwards cannot charge it.
  card_token text,
  card_masked text NOT NULL,
  card_expiry text NOT NULL CHECK (card_expiry ~ '^[0-9]{4}$'),
  card_brand text NOT NULL,
  card_origin text NOT NULL CHECK (card_origin IN ('moroccan', 'foreign')),
  -- The RRN of the payment with which its holder agreed: every later payment names it.
  first_reference text NOT NULL,
  first_payment text NOT NULL,
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (shard_key, card_key),
  FOREIGN KEY (shard_key, customer_key) REFERENCES customer,
  CHECK ((removed_at IS NULL) = (card_token IS NOT NULL))
);
COMMENT ON TABLE card_on_file IS 'sharded: a customer''s card that may be charged again, by its token';
-- A card is kept once for a customer, however often it is saved.
CREATE UNIQUE INDEX card_on_file_card ON card_on_file (shard_key, customer_key, card_token)
  WHERE removed_at IS NULL;
CREATE INDEX card_on_file_newest ON card_on_file (shard_key, customer_key, created_at DESC, card_key DESC);

-- Null for nearly every payment: its card is nobody's to keep.
ALTER TABLE payment
  ADD COLUMN on_file text CHECK (on_file IN ('first', 'customer', 'recurring', 'unscheduled', 'instalment')),
  ADD COLUMN first_reference text;

ALTER TABLE web_order ADD COLUMN customer_id text;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT SELECT, INSERT, UPDATE ON customer, card_on_file TO monetique_app;
  END IF;
END $$;
