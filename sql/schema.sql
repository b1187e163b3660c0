-- The schema that the migrations of sql/migrations make, printed from the catalogue of a
-- migrated database. Made by "npm run schema", compared by the tests; never edited by hand.
-- Partitions of months and days are not listed: they are made ahead as time goes.

CREATE OR REPLACE FUNCTION public.must_equal(touched bigint, asked bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF touched <> asked THEN
    RAISE EXCEPTION 'changed % rows of %', touched, asked USING ERRCODE = 'MQ001';
  END IF;
  RETURN true;
END $function$;

CREATE TABLE account (
  account_id integer NOT NULL,
  code text NOT NULL,
  kind text NOT NULL,
  participant_id text NOT NULL,
  currency text NOT NULL,
  CONSTRAINT account_pkey PRIMARY KEY (account_id),
  CONSTRAINT account_code_key UNIQUE (code),
  CONSTRAINT account_currency_check CHECK ((length(currency) = 3))
);
COMMENT ON TABLE account IS 'reference: the chart of accounts';

CREATE TABLE account_balance (
  account_id integer NOT NULL,
  business_date date NOT NULL,
  debit_minor bigint NOT NULL,
  credit_minor bigint NOT NULL,
  CONSTRAINT account_balance_pkey PRIMARY KEY (account_id, business_date),
  CONSTRAINT account_balance_credit_minor_check CHECK ((credit_minor >= 0)),
  CONSTRAINT account_balance_debit_minor_check CHECK ((debit_minor >= 0)),
  CONSTRAINT account_balance_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(account_id)
);
COMMENT ON TABLE account_balance IS 'reference: debits and credits of an account since the beginning, at the end of a closed business date';

CREATE TABLE advice (
  shard_key integer NOT NULL,
  business_date date NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  kind text NOT NULL,
  part integer NOT NULL,
  issuer_id text NOT NULL,
  stan text NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  facts json NOT NULL,
  acknowledged_at timestamp with time zone,
  response_code text,
  CONSTRAINT advice_pkey PRIMARY KEY (shard_key, business_date, request_key, kind, part),
  CONSTRAINT advice_kind_check CHECK ((kind = ANY (ARRAY['capture'::text, 'reversal'::text, 'refund_reversal'::text]))),
  CONSTRAINT advice_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
) PARTITION BY RANGE (business_date);
CREATE INDEX advice_pending ON public.advice USING btree (sent_at) WHERE (acknowledged_at IS NULL);
COMMENT ON TABLE advice IS 'sharded: what a bank must be told (0220, 0420) until it acknowledges it: store and forward';

CREATE TABLE business_day (
  business_date date NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  turned_at timestamp with time zone,
  closed_at timestamp with time zone,
  CONSTRAINT business_day_pkey PRIMARY KEY (business_date),
  CONSTRAINT business_day_check CHECK (((closed_at IS NULL) OR (turned_at IS NOT NULL)))
);
COMMENT ON TABLE business_day IS 'reference: a business day: open, then turned (no new payment), then closed (its figures are final)';

CREATE TABLE issuer (
  issuer_id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  country text NOT NULL,
  CONSTRAINT issuer_pkey PRIMARY KEY (issuer_id),
  CONSTRAINT issuer_kind_check CHECK ((kind = ANY (ARRAY['bank'::text, 'scheme'::text])))
);
COMMENT ON TABLE issuer IS 'reference: a bank or a scheme''s host that answers for cards';

CREATE TABLE merchant (
  merchant_id text NOT NULL,
  name text NOT NULL,
  acquirer_id text NOT NULL,
  sector text NOT NULL,
  mcc text NOT NULL,
  card_acceptor_id text NOT NULL,
  fan_out integer NOT NULL,
  CONSTRAINT merchant_pkey PRIMARY KEY (merchant_id),
  CONSTRAINT merchant_fan_out_check CHECK (((fan_out >= 1) AND (fan_out <= 4096))),
  CONSTRAINT merchant_mcc_check CHECK ((mcc ~ '^[0-9]{4}$'::text))
);
COMMENT ON TABLE merchant IS 'reference: a merchant that the centre serves';

CREATE TABLE number_lease (
  name text NOT NULL,
  next_number bigint NOT NULL,
  CONSTRAINT number_lease_pkey PRIMARY KEY (name),
  CONSTRAINT number_lease_next_number_check CHECK ((next_number >= 0))
);
COMMENT ON TABLE number_lease IS 'reference: counters of which each process leases a block at a time';

CREATE TABLE payment (
  shard_key integer NOT NULL,
  business_date date NOT NULL,
  request_key uuid NOT NULL,
  version integer NOT NULL,
  state text NOT NULL,
  kind text NOT NULL,
  channel text NOT NULL,
  door text NOT NULL,
  merchant_id text NOT NULL,
  site_id text,
  terminal_id text NOT NULL,
  order_reference text,
  attempt integer,
  currency text NOT NULL,
  amount_minor bigint NOT NULL,
  authorized_minor bigint,
  captured_minor bigint NOT NULL,
  capture_parts integer NOT NULL,
  refunded_minor bigint NOT NULL,
  refund_pending_minor bigint NOT NULL,
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
  card_origin text NOT NULL,
  issuer_id text,
  stan text NOT NULL,
  rrn text NOT NULL,
  entry_mode text NOT NULL,
  condition_code text NOT NULL,
  eci text,
  sent_at timestamp with time zone NOT NULL,
  answered_at timestamp with time zone NOT NULL,
  CONSTRAINT payment_pkey PRIMARY KEY (shard_key, business_date, request_key),
  CONSTRAINT payment_amount_minor_check CHECK ((amount_minor > 0)),
  CONSTRAINT payment_authorized_minor_check CHECK ((authorized_minor > 0)),
  CONSTRAINT payment_card_origin_check CHECK ((card_origin = ANY (ARRAY['moroccan'::text, 'foreign'::text]))),
  CONSTRAINT payment_channel_check CHECK ((channel = ANY (ARRAY['internet'::text, 'terminal'::text]))),
  CONSTRAINT payment_check CHECK (((captured_minor >= 0) AND (captured_minor <= COALESCE(authorized_minor, (0)::bigint)))),
  CONSTRAINT payment_check1 CHECK (((refunded_minor + refund_pending_minor) <= captured_minor)),
  CONSTRAINT payment_check2 CHECK (((state = ANY (ARRAY['approved'::text, 'captured'::text])) <= (authorized_minor IS NOT NULL))),
  CONSTRAINT payment_check3 CHECK (((captured_minor > 0) = (due_on IS NOT NULL))),
  CONSTRAINT payment_check4 CHECK (((state = ANY (ARRAY['reversing'::text, 'reversed'::text])) = (reversed_on IS NOT NULL))),
  CONSTRAINT payment_currency_check CHECK ((length(currency) = 3)),
  CONSTRAINT payment_kind_check CHECK ((kind = ANY (ARRAY['preauthorization'::text, 'purchase'::text]))),
  CONSTRAINT payment_refund_pending_minor_check CHECK ((refund_pending_minor >= 0)),
  CONSTRAINT payment_refunded_minor_check CHECK ((refunded_minor >= 0)),
  CONSTRAINT payment_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT payment_state_check CHECK ((state = ANY (ARRAY['declined'::text, 'approved'::text, 'captured'::text, 'reversing'::text, 'reversed'::text]))),
  CONSTRAINT payment_version_check CHECK ((version >= 1)),
  CONSTRAINT payment_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchant(merchant_id)
) PARTITION BY RANGE (business_date);
COMMENT ON TABLE payment IS 'sharded: a payment whose outcome is known, as it stands now';

CREATE TABLE payment_event (
  shard_key integer NOT NULL,
  business_date date NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  version integer NOT NULL,
  kind text NOT NULL,
  name text,
  amount_minor bigint,
  response_code text,
  stan text,
  rrn text,
  recorded_at timestamp with time zone NOT NULL,
  CONSTRAINT payment_event_pkey PRIMARY KEY (shard_key, business_date, request_key, version),
  CONSTRAINT payment_event_kind_check CHECK ((kind = ANY (ARRAY['captured'::text, 'reversing'::text, 'reversed'::text, 'refund_sent'::text, 'refunded'::text, 'refund_declined'::text]))),
  CONSTRAINT payment_event_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
) PARTITION BY RANGE (business_date);
COMMENT ON TABLE payment_event IS 'sharded: each change of a payment after its outcome, on the business date of the change; append-only';

CREATE TABLE request (
  shard_key integer NOT NULL,
  request_key uuid NOT NULL,
  business_date date NOT NULL,
  owner uuid NOT NULL,
  issuer_id text,
  stan text NOT NULL,
  rrn text NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  facts json NOT NULL,
  CONSTRAINT request_pkey PRIMARY KEY (shard_key, request_key),
  CONSTRAINT request_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
CREATE INDEX request_sent_at ON public.request USING brin (sent_at) WITH (pages_per_range='16', autosummarize='on');
COMMENT ON TABLE request IS 'sharded: what was durable before a byte left for a bank, and the duplicate check; purged when its outcome is old';

CREATE TABLE schema_migration (
  number integer NOT NULL,
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT schema_migration_pkey PRIMARY KEY (number)
);
COMMENT ON TABLE schema_migration IS 'reference: the migrations applied here';

CREATE TABLE site (
  site_id text NOT NULL,
  merchant_id text NOT NULL,
  name text NOT NULL,
  gateway text NOT NULL,
  sector text NOT NULL,
  mcc text NOT NULL,
  CONSTRAINT site_pkey PRIMARY KEY (site_id),
  CONSTRAINT site_gateway_check CHECK ((gateway = ANY (ARRAY['cmi'::text, 'maroc-telecommerce'::text]))),
  CONSTRAINT site_mcc_check CHECK ((mcc ~ '^[0-9]{4}$'::text)),
  CONSTRAINT site_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchant(merchant_id)
);
COMMENT ON TABLE site IS 'reference: a merchant''s site and its affiliation; keys are not kept here';

CREATE TABLE task (
  shard_key integer NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  topic text NOT NULL,
  name text NOT NULL,
  body json NOT NULL,
  due_at timestamp with time zone NOT NULL,
  tries integer NOT NULL,
  CONSTRAINT task_pkey PRIMARY KEY (shard_key, request_key, topic, name),
  CONSTRAINT task_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT task_tries_check CHECK ((tries >= 0))
);
CREATE INDEX task_due_at ON public.task USING btree (due_at);
COMMENT ON TABLE task IS 'sharded: work that must follow an outcome; deleted when done';

CREATE TABLE tranlog_watermark (
  name text NOT NULL,
  settled_before timestamp with time zone NOT NULL,
  CONSTRAINT tranlog_watermark_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE tranlog_watermark IS 'reference: every request sent before this instant has its outcome; recovery starts here';

CREATE TABLE transfer (
  shard_key integer NOT NULL,
  business_date date NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  cause text NOT NULL,
  part integer NOT NULL,
  debit_account integer NOT NULL,
  credit_account integer NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  CONSTRAINT transfer_pkey PRIMARY KEY (shard_key, business_date, request_key, cause, part),
  CONSTRAINT transfer_amount_minor_check CHECK ((amount_minor > 0)),
  CONSTRAINT transfer_cause_check CHECK ((cause = ANY (ARRAY['purchase'::text, 'capture'::text, 'void'::text, 'refund'::text, 'reversal'::text]))),
  CONSTRAINT transfer_check CHECK ((debit_account <> credit_account)),
  CONSTRAINT transfer_currency_check CHECK ((length(currency) = 3)),
  CONSTRAINT transfer_part_check CHECK ((part >= 1)),
  CONSTRAINT transfer_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
) PARTITION BY RANGE (business_date);
COMMENT ON TABLE transfer IS 'sharded: the ledger: one debit, one credit, one amount and its cause; append-only';

CREATE TABLE vault_card (
  shard_key integer NOT NULL,
  card_token text NOT NULL,
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT vault_card_pkey PRIMARY KEY (shard_key, card_token),
  CONSTRAINT vault_card_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
COMMENT ON TABLE vault_card IS 'sharded: a card number under AES-256-GCM, by its token';

CREATE TABLE vault_lookup (
  shard_key integer NOT NULL,
  key_id text NOT NULL,
  lookup bytea NOT NULL,
  card_token text NOT NULL,
  CONSTRAINT vault_lookup_pkey PRIMARY KEY (shard_key, key_id, lookup),
  CONSTRAINT vault_lookup_lookup_check CHECK ((length(lookup) = 32)),
  CONSTRAINT vault_lookup_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
COMMENT ON TABLE vault_lookup IS 'sharded: a keyed HMAC of a card number, to its token';
