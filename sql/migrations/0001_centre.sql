-- The centre's first tables: who takes part, the tranlog, the ledger, the vault.
-- Sharded tables carry a fixed bucket first in every key; reference tables are small and rarely
-- written. Payments and what follows from them are partitioned by month of their business date.

CREATE TABLE merchant (
  merchant_id text PRIMARY KEY,
  name text NOT NULL,
  acquirer_id text NOT NULL,
  sector text NOT NULL,
  mcc text NOT NULL CHECK (mcc ~ '^[0-9]{4}$'),
  card_acceptor_id text NOT NULL,
  fan_out int NOT NULL CHECK (fan_out BETWEEN 1 AND 4096)
);
COMMENT ON TABLE merchant IS 'reference: a merchant that the centre serves';

CREATE TABLE site (
  site_id text PRIMARY KEY,
  merchant_id text NOT NULL REFERENCES merchant,
  name text NOT NULL,
  gateway text NOT NULL CHECK (gateway IN ('cmi', 'maroc-telecommerce')),
  sector text NOT NULL,
  mcc text NOT NULL CHECK (mcc ~ '^[0-9]{4}$')
);
COMMENT ON TABLE site IS 'reference: a merchant''s site and its affiliation; keys are not kept here';

CREATE TABLE issuer (
  issuer_id text PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('bank', 'scheme')),
  country text NOT NULL
);
COMMENT ON TABLE issuer IS 'reference: a bank or a scheme''s host that answers for cards';

CREATE TABLE business_day (
  business_date date PRIMARY KEY,
  opened_at timestamptz NOT NULL,
  turned_at timestamptz,
  closed_at timestamptz,
  CHECK (closed_at IS NULL OR turned_at IS NOT NULL)
);
COMMENT ON TABLE business_day IS 'reference: a business day: open, then turned (no new payment), then closed (its figures are final)';

CREATE TABLE number_lease (
  name text PRIMARY KEY,
  next_number bigint NOT NULL CHECK (next_number >= 0)
);
COMMENT ON TABLE number_lease IS 'reference: counters of which each process leases a block at a time';

CREATE TABLE tranlog_watermark (
  name text PRIMARY KEY,
  settled_before timestamptz NOT NULL
);
COMMENT ON TABLE tranlog_watermark IS 'reference: every request sent before this instant has its outcome; recovery starts here';

CREATE TABLE request (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  request_key uuid NOT NULL,
  business_date date NOT NULL,
  owner uuid NOT NULL,
  issuer_id text,
  stan text NOT NULL,
  rrn text NOT NULL,
  sent_at timestamptz NOT NULL,
  facts json NOT NULL,
  PRIMARY KEY (shard_key, request_key)
);
COMMENT ON TABLE request IS 'sharded: what was durable before a byte left for a bank, and the duplicate check; purged when its outcome is old';
CREATE INDEX request_sent_at ON request USING brin (sent_at) WITH (pages_per_range = 16, autosummarize = on);

CREATE TABLE payment (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  business_date date NOT NULL,
  request_key uuid NOT NULL,
  version int NOT NULL CHECK (version >= 1),
  state text NOT NULL CHECK (state IN ('declined', 'approved', 'captured', 'reversing', 'reversed')),
  kind text NOT NULL CHECK (kind IN ('preauthorization', 'purchase')),
  channel text NOT NULL CHECK (channel IN ('internet', 'terminal')),
  door text NOT NULL,
  merchant_id text NOT NULL REFERENCES merchant,
  site_id text,
  terminal_id text NOT NULL,
  order_reference text,
  attempt int,
  currency text NOT NULL CHECK (length(currency) = 3),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  authorized_minor bigint CHECK (authorized_minor > 0),
  captured_minor bigint NOT NULL,
  capture_parts int NOT NULL,
  refunded_minor bigint NOT NULL CHECK (refunded_minor >= 0),
  refund_pending_minor bigint NOT NULL CHECK (refund_pending_minor >= 0),
  due_on date,
  reversed_on date,
  reversal_cause text,
  decline_reason text,
  response_code text,
  approval_code text,
  card_token text NOT NULL,
  card_masked text NOT NULL,
  card_expiry text NOT NULL,
  card_brand text NOT NULL,
  card_origin text NOT NULL CHECK (card_origin IN ('moroccan', 'foreign')),
  issuer_id text,
  stan text NOT NULL,
  rrn text NOT NULL,
  entry_mode text NOT NULL,
  condition_code text NOT NULL,
  eci text,
  sent_at timestamptz NOT NULL,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, business_date, request_key),
  -- The rules of a payment [DESIGN §4] hold here too, whoever writes.
  CHECK (captured_minor BETWEEN 0 AND coalesce(authorized_minor, 0)),
  CHECK (refunded_minor + refund_pending_minor <= captured_minor),
  CHECK ((state IN ('approved', 'captured')) <= (authorized_minor IS NOT NULL)),
  CHECK ((captured_minor > 0) = (due_on IS NOT NULL)),
  CHECK ((state IN ('reversing', 'reversed')) = (reversed_on IS NOT NULL))
) PARTITION BY RANGE (business_date);
CREATE INDEX payment_refund_pending ON payment (sent_at) WHERE refund_pending_minor > 0;
COMMENT ON TABLE payment IS 'sharded: a payment whose outcome is known, as it stands now';

CREATE TABLE payment_event (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  business_date date NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  version int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('captured', 'reversing', 'reversed', 'refund_sent', 'refunded', 'refund_declined')),
  name text,
  amount_minor bigint,
  response_code text,
  stan text,
  rrn text,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, business_date, request_key, version)
) PARTITION BY RANGE (business_date);
COMMENT ON TABLE payment_event IS 'sharded: each change of a payment after its outcome, on the business date of the change; append-only';

CREATE TABLE account (
  account_id int PRIMARY KEY,
  code text NOT NULL UNIQUE,
  kind text NOT NULL,
  participant_id text NOT NULL,
  currency text NOT NULL CHECK (length(currency) = 3)
);
COMMENT ON TABLE account IS 'reference: the chart of accounts';

CREATE TABLE transfer (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  business_date date NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  cause text NOT NULL CHECK (cause IN ('purchase', 'capture', 'void', 'refund', 'reversal')),
  part int NOT NULL CHECK (part >= 1),
  debit_account int NOT NULL,
  credit_account int NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency text NOT NULL CHECK (length(currency) = 3),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, business_date, request_key, cause, part),
  CHECK (debit_account <> credit_account)
) PARTITION BY RANGE (business_date);
COMMENT ON TABLE transfer IS 'sharded: the ledger: one debit, one credit, one amount and its cause; append-only';

CREATE TABLE account_balance (
  account_id int NOT NULL REFERENCES account,
  business_date date NOT NULL,
  debit_minor bigint NOT NULL CHECK (debit_minor >= 0),
  credit_minor bigint NOT NULL CHECK (credit_minor >= 0),
  PRIMARY KEY (account_id, business_date)
);
COMMENT ON TABLE account_balance IS 'reference: debits and credits of an account since the beginning, at the end of a closed business date';

CREATE TABLE advice (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  business_date date NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('capture', 'reversal', 'refund_reversal')),
  part int NOT NULL,
  issuer_id text NOT NULL,
  stan text NOT NULL,
  sent_at timestamptz NOT NULL,
  facts json NOT NULL,
  acknowledged_at timestamptz,
  response_code text,
  PRIMARY KEY (shard_key, business_date, request_key, kind, part)
) PARTITION BY RANGE (business_date);
COMMENT ON TABLE advice IS 'sharded: what a bank must be told (0220, 0420) until it acknowledges it: store and forward';
CREATE INDEX advice_pending ON advice (sent_at) WHERE acknowledged_at IS NULL;

CREATE TABLE task (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  topic text NOT NULL,
  name text NOT NULL,
  body json NOT NULL,
  due_at timestamptz NOT NULL,
  tries int NOT NULL CHECK (tries >= 0),
  PRIMARY KEY (shard_key, request_key, topic, name)
);
COMMENT ON TABLE task IS 'sharded: work that must follow an outcome; deleted when done';
CREATE INDEX task_due_at ON task (due_at);

CREATE TABLE vault_card (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  card_token text NOT NULL,
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (shard_key, card_token)
);
COMMENT ON TABLE vault_card IS 'sharded: a card number under AES-256-GCM, by its token';

CREATE TABLE vault_lookup (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  key_id text NOT NULL,
  lookup bytea NOT NULL CHECK (length(lookup) = 32),
  card_token text NOT NULL,
  PRIMARY KEY (shard_key, key_id, lookup)
);
COMMENT ON TABLE vault_lookup IS 'sharded: a keyed HMAC of a card number, to its token';

-- Ends the dbTransaction when a conditional change touched fewer rows than were asked: somebody
-- else changed the payment first, and money must not move on what is no longer so.
CREATE FUNCTION must_equal(touched bigint, asked bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF touched <> asked THEN
    RAISE EXCEPTION 'changed % rows of %', touched, asked USING ERRCODE = 'MQ001';
  END IF;
  RETURN true;
END $$;
COMMENT ON FUNCTION must_equal IS 'refuses a change of payments that have changed meanwhile';
