-- Sites that an operator adds while the centre runs, beside those of the directory's files, and the
-- keys of the API. A store key must be read again to check a hash: it is sealed under the vault's
-- keys. An API key is only compared: its digest is kept, and nobody can show it again.

CREATE TABLE registered_site (
  site_id text PRIMARY KEY,
  merchant_id text NOT NULL UNIQUE,
  name text NOT NULL,
  city text NOT NULL,
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  acquirer_id text NOT NULL,
  gateway text NOT NULL CHECK (gateway IN ('cmi', 'maroc-telecommerce')),
  sector text NOT NULL,
  mcc text NOT NULL CHECK (mcc ~ '^[0-9]{4}$'),
  url text NOT NULL,
  currency text NOT NULL CHECK (length(currency) = 3),
  hold_hours int NOT NULL CHECK (hold_hours > 0),
  terminal_id text NOT NULL UNIQUE CHECK (length(terminal_id) = 8),
  store_key_sealed bytea NOT NULL,
  -- Still accepted until then: a merchant changes a key in two places, never at one instant.
  previous_key_sealed bytea,
  previous_key_until timestamptz,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  CHECK ((previous_key_sealed IS NULL) = (previous_key_until IS NULL))
);
COMMENT ON TABLE registered_site IS 'reference: a site that an operator added, with its sealed store key';

CREATE TABLE api_key (
  key_digest bytea PRIMARY KEY CHECK (length(key_digest) = 32),
  -- `sk_…a1b2`: what a list shows of it.
  shown text NOT NULL,
  -- Null for the centre's operator.
  site_id text,
  created_at timestamptz NOT NULL,
  -- Null while it is in force; a key that was replaced ends after its overlap.
  ends_at timestamptz
);
COMMENT ON TABLE api_key IS 'reference: digests of the keys of the API';

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT SELECT, INSERT, UPDATE ON registered_site, api_key TO monetique_app;
  END IF;
END $$;
