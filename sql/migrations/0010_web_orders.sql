-- The orders of merchants' sites: what was posted, the sessions of the payment page, which form
-- each attempt was made with, and what the merchant answered. No card data.

CREATE TABLE web_order (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  site_id text NOT NULL,
  reference text NOT NULL CHECK (length(reference) BETWEEN 1 AND 64),
  attempt int NOT NULL CHECK (attempt >= 1),
  -- The form accepted last; the forms themselves are kept with their sessions.
  latest_session text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency char(3) NOT NULL,
  -- Set once approved: the order is final. A copy of what the payment says, for a day when the
  -- duplicate check of an old attempt is gone.
  paid_payment text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, site_id, reference)
);
COMMENT ON TABLE web_order IS 'sharded: an order of a merchant''s site and the number of its current attempt';

CREATE TABLE web_session (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  -- Of the token in the page's address, which is itself not kept.
  session_digest text NOT NULL CHECK (session_digest ~ '^[0-9a-f]{32}$'),
  site_id text NOT NULL,
  reference text NOT NULL,
  gateway text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('preauthorization', 'purchase')),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency char(3) NOT NULL,
  language text NOT NULL CHECK (language IN ('fr', 'ar', 'en')),
  client_ip text NOT NULL,
  -- Names and raw bytes as the merchant posted them, for the echo.
  form bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, session_digest)
);
COMMENT ON TABLE web_session IS 'sharded: a payment page opened by an accepted form, until it expires';

CREATE TABLE web_attempt (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  site_id text NOT NULL,
  reference text NOT NULL,
  attempt int NOT NULL CHECK (attempt >= 1),
  session_digest text NOT NULL,
  claimed_at timestamptz NOT NULL,
  PRIMARY KEY (shard_key, site_id, reference, attempt)
);
COMMENT ON TABLE web_attempt IS 'sharded: the session whose form an attempt at an order was made with';

CREATE TABLE callback_delivery (
  shard_key int NOT NULL CHECK (shard_key BETWEEN 0 AND 4095),
  site_id text NOT NULL,
  reference text NOT NULL,
  attempt int NOT NULL CHECK (attempt >= 1),
  try_number int NOT NULL CHECK (try_number >= 1),
  payment_id text NOT NULL,
  sent_at timestamptz NOT NULL,
  duration_ms int NOT NULL CHECK (duration_ms >= 0),
  url_host text NOT NULL,
  http_status int,
  answer text NOT NULL CHECK (answer IN ('post_auth', 'approved', 'failure', 'empty', 'other_text',
    'http_status', 'redirect', 'too_large', 'timeout', 'connection', 'address_refused')),
  excerpt text NOT NULL CHECK (length(excerpt) <= 200),
  outcome text NOT NULL CHECK (outcome IN ('acknowledged', 'refused', 'unacknowledged')),
  PRIMARY KEY (shard_key, site_id, reference, attempt, try_number)
);
COMMENT ON TABLE callback_delivery IS 'sharded: each try at telling a merchant''s server an outcome, and its answer';
