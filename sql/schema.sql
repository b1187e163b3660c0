-- The schema that the migrations of sql/migrations make, printed from the catalogue of a
-- migrated database. Made by "npm run schema", compared by the tests; never edited by hand.
-- Partitions of months and days are not listed: they are made ahead as time goes.

CREATE SCHEMA reporting;

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

CREATE TABLE api_event (
  shard_key integer NOT NULL,
  event_key uuid NOT NULL,
  site_id text NOT NULL,
  type text NOT NULL,
  payment_date date NOT NULL,
  request_key uuid NOT NULL,
  data json NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT api_event_pkey PRIMARY KEY (shard_key, event_key),
  CONSTRAINT api_event_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT api_event_type_check CHECK ((type = ANY (ARRAY['payment.authorized'::text, 'payment.captured'::text, 'payment.declined'::text, 'payment.voided'::text, 'payment.refunded'::text])))
);
CREATE INDEX api_event_newest ON public.api_event USING btree (shard_key, site_id, created_at DESC, event_key DESC);
COMMENT ON TABLE api_event IS 'sharded: a change of a payment as its site is told it';

CREATE TABLE api_key (
  key_digest bytea NOT NULL,
  shown text NOT NULL,
  site_id text,
  created_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone,
  CONSTRAINT api_key_pkey PRIMARY KEY (key_digest),
  CONSTRAINT api_key_key_digest_check CHECK ((length(key_digest) = 32))
);
COMMENT ON TABLE api_key IS 'reference: digests of the keys of the API';

CREATE TABLE api_request (
  shard_key integer NOT NULL,
  owner text NOT NULL,
  idempotency_key text NOT NULL,
  fingerprint bytea NOT NULL,
  seed uuid NOT NULL,
  claim uuid NOT NULL,
  claimed_at timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL,
  status integer,
  answer_sealed bytea,
  CONSTRAINT api_request_pkey PRIMARY KEY (shard_key, owner, idempotency_key),
  CONSTRAINT api_request_check CHECK (((status IS NULL) = (answer_sealed IS NULL))),
  CONSTRAINT api_request_fingerprint_check CHECK ((length(fingerprint) = 32)),
  CONSTRAINT api_request_idempotency_key_check CHECK (((length(idempotency_key) >= 1) AND (length(idempotency_key) <= 255))),
  CONSTRAINT api_request_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT api_request_status_check CHECK (((status >= 200) AND (status <= 499)))
);
CREATE INDEX api_request_created_at ON public.api_request USING btree (created_at);
COMMENT ON TABLE api_request IS 'sharded: requests with an Idempotency-Key and their answers, kept for a day';

CREATE TABLE audit_event (
  shard_key integer NOT NULL,
  writer uuid NOT NULL,
  position integer NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  site_id text,
  outcome text NOT NULL,
  address text,
  facts json NOT NULL,
  previous_digest bytea NOT NULL,
  digest bytea NOT NULL,
  CONSTRAINT audit_event_pkey PRIMARY KEY (shard_key, writer, "position"),
  CONSTRAINT audit_event_digest_check CHECK ((length(digest) = 32)),
  CONSTRAINT audit_event_kind_check CHECK ((kind = ANY (ARRAY['chain'::text, 'api_request'::text, 'cc5_request'::text, 'key'::text, 'attempt'::text, 'business_day'::text, 'release'::text]))),
  CONSTRAINT audit_event_position_check CHECK (("position" >= 0)),
  CONSTRAINT audit_event_previous_digest_check CHECK ((length(previous_digest) = 32)),
  CONSTRAINT audit_event_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
CREATE INDEX audit_event_chains ON public.audit_event USING btree (occurred_at DESC) WHERE ("position" = 0);
CREATE INDEX audit_event_newest ON public.audit_event USING btree (occurred_at DESC, writer DESC, "position" DESC);
COMMENT ON TABLE audit_event IS 'sharded: who did what, chained by digests; append-only';

CREATE TABLE booking_address (
  shard_key integer NOT NULL,
  site_id text NOT NULL,
  shape_digest text NOT NULL,
  first_booked_at timestamp with time zone NOT NULL,
  CONSTRAINT booking_address_pkey PRIMARY KEY (shard_key, site_id, shape_digest),
  CONSTRAINT booking_address_shape_digest_check CHECK ((shape_digest ~ '^[0-9a-f]{32}$'::text)),
  CONSTRAINT booking_address_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
COMMENT ON TABLE booking_address IS 'sharded: the shape of an address at which a merchant''s site books paid orders';

CREATE TABLE business_day (
  business_date date NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  turned_at timestamp with time zone,
  closed_at timestamp with time zone,
  CONSTRAINT business_day_pkey PRIMARY KEY (business_date),
  CONSTRAINT business_day_check CHECK (((closed_at IS NULL) OR (turned_at IS NOT NULL)))
);
COMMENT ON TABLE business_day IS 'reference: a business day: open, then turned (no new payment), then closed (its figures are final)';

CREATE TABLE callback_delivery (
  shard_key integer NOT NULL,
  site_id text NOT NULL,
  reference text NOT NULL,
  attempt integer NOT NULL,
  try_number integer NOT NULL,
  payment_id text NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  duration_ms integer NOT NULL,
  url_host text NOT NULL,
  http_status integer,
  answer text NOT NULL,
  excerpt text NOT NULL,
  outcome text NOT NULL,
  CONSTRAINT callback_delivery_pkey PRIMARY KEY (shard_key, site_id, reference, attempt, try_number),
  CONSTRAINT callback_delivery_answer_check CHECK ((answer = ANY (ARRAY['post_auth'::text, 'booked'::text, 'not_booked'::text, 'approved'::text, 'failure'::text, 'empty'::text, 'other_text'::text, 'http_status'::text, 'redirect'::text, 'too_large'::text, 'timeout'::text, 'connection'::text, 'address_refused'::text]))),
  CONSTRAINT callback_delivery_attempt_check CHECK ((attempt >= 1)),
  CONSTRAINT callback_delivery_duration_ms_check CHECK ((duration_ms >= 0)),
  CONSTRAINT callback_delivery_excerpt_check CHECK ((length(excerpt) <= 200)),
  CONSTRAINT callback_delivery_outcome_check CHECK ((outcome = ANY (ARRAY['acknowledged'::text, 'refused'::text, 'unacknowledged'::text]))),
  CONSTRAINT callback_delivery_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT callback_delivery_try_number_check CHECK ((try_number >= 1))
);
COMMENT ON TABLE callback_delivery IS 'sharded: each try at telling a merchant''s server an outcome, and its answer';

CREATE TABLE card_on_file (
  shard_key integer NOT NULL,
  card_key uuid NOT NULL,
  business_date date NOT NULL,
  customer_key uuid NOT NULL,
  site_id text NOT NULL,
  card_token text,
  card_masked text NOT NULL,
  card_expiry text NOT NULL,
  card_brand text NOT NULL,
  card_origin text NOT NULL,
  first_reference text NOT NULL,
  first_payment text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  removed_at timestamp with time zone,
  CONSTRAINT card_on_file_pkey PRIMARY KEY (shard_key, card_key),
  CONSTRAINT card_on_file_card_expiry_check CHECK ((card_expiry ~ '^[0-9]{4}$'::text)),
  CONSTRAINT card_on_file_card_origin_check CHECK ((card_origin = ANY (ARRAY['moroccan'::text, 'foreign'::text]))),
  CONSTRAINT card_on_file_check CHECK (((removed_at IS NULL) = (card_token IS NOT NULL))),
  CONSTRAINT card_on_file_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT card_on_file_shard_key_customer_key_fkey FOREIGN KEY (shard_key, customer_key) REFERENCES customer(shard_key, customer_key)
);
CREATE UNIQUE INDEX card_on_file_card ON public.card_on_file USING btree (shard_key, customer_key, card_token) WHERE (removed_at IS NULL);
CREATE INDEX card_on_file_newest ON public.card_on_file USING btree (shard_key, customer_key, created_at DESC, card_key DESC);
COMMENT ON TABLE card_on_file IS 'sharded: a customer''s card that may be charged again, by its token';

CREATE TABLE customer (
  shard_key integer NOT NULL,
  customer_key uuid NOT NULL,
  business_date date NOT NULL,
  site_id text NOT NULL,
  reference text,
  name text,
  email text,
  created_at timestamp with time zone NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT customer_pkey PRIMARY KEY (shard_key, customer_key),
  CONSTRAINT customer_check CHECK (((deleted_at IS NULL) OR ((reference IS NULL) AND (name IS NULL) AND (email IS NULL)))),
  CONSTRAINT customer_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 64))),
  CONSTRAINT customer_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
CREATE INDEX customer_newest ON public.customer USING btree (shard_key, site_id, created_at DESC, customer_key DESC) WHERE (deleted_at IS NULL);
COMMENT ON TABLE customer IS 'sharded: whom a merchant''s site keeps cards for';

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
  on_file text,
  first_reference text,
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
  CONSTRAINT payment_on_file_check CHECK ((on_file = ANY (ARRAY['first'::text, 'customer'::text, 'recurring'::text, 'unscheduled'::text, 'instalment'::text]))),
  CONSTRAINT payment_refund_pending_minor_check CHECK ((refund_pending_minor >= 0)),
  CONSTRAINT payment_refunded_minor_check CHECK ((refunded_minor >= 0)),
  CONSTRAINT payment_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT payment_state_check CHECK ((state = ANY (ARRAY['declined'::text, 'approved'::text, 'captured'::text, 'reversing'::text, 'reversed'::text]))),
  CONSTRAINT payment_version_check CHECK ((version >= 1))
) PARTITION BY RANGE (business_date);
CREATE INDEX payment_refund_pending ON public.payment USING btree (sent_at) WHERE (refund_pending_minor > 0);
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
  CONSTRAINT payment_event_kind_check CHECK ((kind = ANY (ARRAY['captured'::text, 'captured_last'::text, 'reversing'::text, 'reversed'::text, 'refund_sent'::text, 'refunded'::text, 'refund_declined'::text]))),
  CONSTRAINT payment_event_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
) PARTITION BY RANGE (business_date);
COMMENT ON TABLE payment_event IS 'sharded: each change of a payment after its outcome, on the business date of the change; append-only';

CREATE TABLE payment_link (
  shard_key integer NOT NULL,
  link_key uuid NOT NULL,
  business_date date NOT NULL,
  site_id text NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  reference text NOT NULL,
  description text,
  return_url text,
  language text NOT NULL,
  max_payments integer NOT NULL,
  expires_at timestamp with time zone,
  deactivated_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  CONSTRAINT payment_link_pkey PRIMARY KEY (shard_key, link_key),
  CONSTRAINT payment_link_amount_minor_check CHECK ((amount_minor > 0)),
  CONSTRAINT payment_link_currency_check CHECK ((length(currency) = 3)),
  CONSTRAINT payment_link_kind_check CHECK ((kind = ANY (ARRAY['preauthorization'::text, 'purchase'::text]))),
  CONSTRAINT payment_link_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'ar'::text, 'en'::text]))),
  CONSTRAINT payment_link_max_payments_check CHECK ((max_payments >= 1)),
  CONSTRAINT payment_link_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 50))),
  CONSTRAINT payment_link_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
CREATE INDEX payment_link_newest ON public.payment_link USING btree (shard_key, site_id, created_at DESC, link_key DESC);
COMMENT ON TABLE payment_link IS 'sharded: an address that opens a payment page at each visit';

CREATE TABLE registered_site (
  site_id text NOT NULL,
  merchant_id text NOT NULL,
  name text NOT NULL,
  city text NOT NULL,
  country text NOT NULL,
  acquirer_id text NOT NULL,
  gateway text NOT NULL,
  sector text NOT NULL,
  mcc text NOT NULL,
  url text NOT NULL,
  currency text NOT NULL,
  hold_hours integer NOT NULL,
  terminal_id text NOT NULL,
  store_key_sealed bytea NOT NULL,
  previous_key_sealed bytea,
  previous_key_until timestamp with time zone,
  created_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  api_user text,
  api_password_hash text,
  creation_seed uuid,
  rotation_seed uuid,
  previous_password_hash text,
  previous_password_until timestamp with time zone,
  password_seed uuid,
  CONSTRAINT registered_site_pkey PRIMARY KEY (site_id),
  CONSTRAINT registered_site_creation_seed_key UNIQUE (creation_seed),
  CONSTRAINT registered_site_merchant_id_key UNIQUE (merchant_id),
  CONSTRAINT registered_site_terminal_id_key UNIQUE (terminal_id),
  CONSTRAINT registered_site_check CHECK (((previous_key_sealed IS NULL) = (previous_key_until IS NULL))),
  CONSTRAINT registered_site_check1 CHECK (((api_user IS NULL) = (api_password_hash IS NULL))),
  CONSTRAINT registered_site_check2 CHECK (((previous_password_hash IS NULL) = (previous_password_until IS NULL))),
  CONSTRAINT registered_site_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CONSTRAINT registered_site_currency_check CHECK ((length(currency) = 3)),
  CONSTRAINT registered_site_gateway_check CHECK ((gateway = ANY (ARRAY['cmi'::text, 'maroc-telecommerce'::text]))),
  CONSTRAINT registered_site_hold_hours_check CHECK ((hold_hours > 0)),
  CONSTRAINT registered_site_mcc_check CHECK ((mcc ~ '^[0-9]{4}$'::text)),
  CONSTRAINT registered_site_terminal_id_check CHECK ((length(terminal_id) = 8))
);
COMMENT ON TABLE registered_site IS 'reference: a site that an operator added, with its sealed store key';

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
CREATE INDEX transfer_further ON public.transfer USING btree (shard_key, business_date) WHERE (NOT ((part = 1) AND (cause = ANY (ARRAY['purchase'::text, 'capture'::text])) AND (payment_date = business_date)));
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

CREATE TABLE web_attempt (
  shard_key integer NOT NULL,
  site_id text NOT NULL,
  reference text NOT NULL,
  attempt integer NOT NULL,
  session_digest text NOT NULL,
  claimed_at timestamp with time zone NOT NULL,
  request_key uuid NOT NULL,
  CONSTRAINT web_attempt_pkey PRIMARY KEY (shard_key, site_id, reference, attempt),
  CONSTRAINT web_attempt_attempt_check CHECK ((attempt >= 1)),
  CONSTRAINT web_attempt_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
COMMENT ON TABLE web_attempt IS 'sharded: the session whose form an attempt at an order was made with';

CREATE TABLE web_order (
  shard_key integer NOT NULL,
  site_id text NOT NULL,
  reference text NOT NULL,
  attempt integer NOT NULL,
  latest_session text NOT NULL,
  amount_minor bigint NOT NULL,
  currency character(3) NOT NULL,
  paid_payment text,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  order_key uuid NOT NULL,
  business_date date NOT NULL,
  kind text NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  description text,
  customer json,
  metadata json,
  page_sealed bytea,
  payment_date date,
  payment_key uuid,
  link_key uuid,
  customer_id text,
  CONSTRAINT web_order_pkey PRIMARY KEY (shard_key, site_id, reference),
  CONSTRAINT web_order_order_key UNIQUE (shard_key, order_key),
  CONSTRAINT web_order_amount_minor_check CHECK ((amount_minor > 0)),
  CONSTRAINT web_order_attempt_check CHECK ((attempt >= 1)),
  CONSTRAINT web_order_kind_check CHECK ((kind = ANY (ARRAY['preauthorization'::text, 'purchase'::text]))),
  CONSTRAINT web_order_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 64))),
  CONSTRAINT web_order_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
CREATE INDEX web_order_link ON public.web_order USING btree (shard_key, link_key) WHERE (link_key IS NOT NULL);
CREATE INDEX web_order_newest ON public.web_order USING btree (shard_key, site_id, created_at DESC, order_key DESC);
COMMENT ON TABLE web_order IS 'sharded: an order of a merchant''s site and the number of its current attempt';

CREATE TABLE web_session (
  shard_key integer NOT NULL,
  session_digest text NOT NULL,
  site_id text NOT NULL,
  reference text NOT NULL,
  gateway text NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  currency character(3) NOT NULL,
  language text NOT NULL,
  client_ip text NOT NULL,
  form bytea NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT web_session_pkey PRIMARY KEY (shard_key, session_digest),
  CONSTRAINT web_session_amount_minor_check CHECK ((amount_minor > 0)),
  CONSTRAINT web_session_kind_check CHECK ((kind = ANY (ARRAY['preauthorization'::text, 'purchase'::text]))),
  CONSTRAINT web_session_language_check CHECK ((language = ANY (ARRAY['fr'::text, 'ar'::text, 'en'::text]))),
  CONSTRAINT web_session_session_digest_check CHECK ((session_digest ~ '^[0-9a-f]{32}$'::text)),
  CONSTRAINT web_session_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095)))
);
COMMENT ON TABLE web_session IS 'sharded: a payment page opened by an accepted form, until it expires';

CREATE TABLE webhook_delivery (
  shard_key integer NOT NULL,
  endpoint_id text NOT NULL,
  event_key uuid NOT NULL,
  payment_date date NOT NULL,
  try_number integer NOT NULL,
  sent_at timestamp with time zone NOT NULL,
  duration_ms integer NOT NULL,
  url_host text NOT NULL,
  http_status integer,
  result text NOT NULL,
  excerpt text NOT NULL,
  CONSTRAINT webhook_delivery_pkey PRIMARY KEY (shard_key, endpoint_id, event_key, try_number),
  CONSTRAINT webhook_delivery_duration_ms_check CHECK ((duration_ms >= 0)),
  CONSTRAINT webhook_delivery_excerpt_check CHECK ((length(excerpt) <= 200)),
  CONSTRAINT webhook_delivery_result_check CHECK ((result = ANY (ARRAY['delivered'::text, 'http_status'::text, 'redirect'::text, 'too_large'::text, 'timeout'::text, 'connection'::text, 'address_refused'::text]))),
  CONSTRAINT webhook_delivery_shard_key_check CHECK (((shard_key >= 0) AND (shard_key <= 4095))),
  CONSTRAINT webhook_delivery_try_number_check CHECK ((try_number >= 1))
);
CREATE INDEX webhook_delivery_newest ON public.webhook_delivery USING btree (shard_key, endpoint_id, sent_at DESC, event_key DESC);
COMMENT ON TABLE webhook_delivery IS 'sharded: each try at sending an event to an endpoint, and its answer';

CREATE TABLE webhook_endpoint (
  endpoint_id text NOT NULL,
  site_id text NOT NULL,
  url text NOT NULL,
  events text[] NOT NULL,
  status text NOT NULL,
  description text,
  secret_sealed bytea NOT NULL,
  previous_sealed bytea,
  previous_until timestamp with time zone,
  rotation_seed uuid,
  created_at timestamp with time zone NOT NULL,
  updated_at timestamp with time zone NOT NULL,
  CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (endpoint_id),
  CONSTRAINT webhook_endpoint_check CHECK (((previous_sealed IS NULL) = (previous_until IS NULL))),
  CONSTRAINT webhook_endpoint_endpoint_id_check CHECK ((endpoint_id ~ '^we_[0-9a-f]{32}$'::text)),
  CONSTRAINT webhook_endpoint_events_check CHECK ((cardinality(events) >= 1)),
  CONSTRAINT webhook_endpoint_status_check CHECK ((status = ANY (ARRAY['enabled'::text, 'disabled'::text]))),
  CONSTRAINT webhook_endpoint_url_check CHECK ((length(url) <= 2048))
);
CREATE INDEX webhook_endpoint_site ON public.webhook_endpoint USING btree (site_id, created_at);
COMMENT ON TABLE webhook_endpoint IS 'reference: where a site wants its events, with the secret that signs them, sealed';

-- reporting.attempts:
--   business_date date
--   shard_key integer
--   request_key text
--   issuer_id text
--   stan text
--   rrn text
--   sent_at timestamp with time zone
--   site_id text
--   order_reference text
--   attempt integer
--   amount_minor bigint
--   currency text
--   state text
--   decline_reason text
--   response_code text
--   answered_at timestamp with time zone
CREATE VIEW reporting.attempts AS
  SELECT business_date,
  shard_key,
  replace((request_key)::text, '-'::text, ''::text) AS request_key,
  issuer_id,
  stan,
  rrn,
  sent_at,
  site_id,
  order_reference,
  attempt,
  amount_minor,
  currency,
  state,
  decline_reason,
  response_code,
  answered_at
  FROM payment p
  UNION ALL
  SELECT business_date,
  shard_key,
  replace((request_key)::text, '-'::text, ''::text) AS request_key,
  issuer_id,
  stan,
  rrn,
  sent_at,
  NULL::text AS site_id,
  NULL::text AS order_reference,
  NULL::integer AS attempt,
  NULL::bigint AS amount_minor,
  NULL::text AS currency,
  'sent'::text AS state,
  NULL::text AS decline_reason,
  NULL::text AS response_code,
  NULL::timestamp with time zone AS answered_at
  FROM request r
  WHERE (NOT (EXISTS ( SELECT 1
  FROM payment p
  WHERE ((shard_key = shard_key) AND (business_date = business_date) AND (request_key = request_key)))));
COMMENT ON VIEW reporting.attempts IS 'each attempt at a payment, with its outcome where it has one';

-- reporting.callbacks:
--   shard_key integer
--   site_id text
--   order_reference text
--   attempt integer
--   try_number integer
--   payment_id text
--   sent_at timestamp with time zone
--   duration_ms integer
--   url_host text
--   http_status integer
--   answer text
--   outcome text
CREATE VIEW reporting.callbacks AS
  SELECT shard_key,
  site_id,
  order_reference,
  attempt,
  try_number,
  payment_id,
  sent_at,
  duration_ms,
  url_host,
  http_status,
  answer,
  outcome
  FROM ( SELECT shard_key,
  site_id,
  reference,
  attempt,
  try_number,
  payment_id,
  sent_at,
  duration_ms,
  url_host,
  http_status,
  answer,
  excerpt,
  outcome,
  reference AS order_reference
  FROM callback_delivery d) delivery;
COMMENT ON VIEW reporting.callbacks IS 'each try at telling a merchant''s server an outcome, and what it answered';

-- reporting.issuer_messages:
--   business_date date
--   issuer_id text
--   kind text
--   part integer
--   stan text
--   rrn text
--   sent_at timestamp with time zone
--   answered_at timestamp with time zone
--   response_code text
CREATE VIEW reporting.issuer_messages AS
  SELECT business_date,
  issuer_id,
  'request'::text AS kind,
  1 AS part,
  stan,
  rrn,
  sent_at,
  answered_at,
  response_code
  FROM payment p
  WHERE ((issuer_id IS NOT NULL) AND (NOT ((NOT (decline_reason IS DISTINCT FROM 'issuer_unavailable'::text)) AND (response_code IS NULL))))
  UNION ALL
  SELECT business_date,
  issuer_id,
  'request'::text AS kind,
  1 AS part,
  stan,
  rrn,
  sent_at,
  NULL::timestamp with time zone AS answered_at,
  NULL::text AS response_code
  FROM request r
  WHERE ((issuer_id IS NOT NULL) AND (NOT (EXISTS ( SELECT 1
  FROM payment p
  WHERE ((shard_key = shard_key) AND (business_date = business_date) AND (request_key = request_key))))))
  UNION ALL
  SELECT business_date,
  issuer_id,
  'refund'::text AS kind,
  version AS part,
  stan,
  rrn,
  recorded_at AS sent_at,
  CASE
  WHEN (response_code IS NOT NULL) THEN recorded_at
  ELSE NULL::timestamp with time zone
  END AS answered_at,
  response_code
  FROM ((payment_event e
  JOIN payment p ON (((shard_key = shard_key) AND (business_date = payment_date) AND (request_key = request_key))))
  LEFT JOIN payment_event answer ON (((shard_key = shard_key) AND (payment_date = payment_date) AND (request_key = request_key) AND (kind = ANY (ARRAY['refunded'::text, 'refund_declined'::text])) AND (stan = stan) AND (rrn = rrn))))
  WHERE (kind = 'refund_sent'::text)
  UNION ALL
  SELECT business_date,
  issuer_id,
  kind,
  part,
  stan,
  (facts ->> 'rrn'::text) AS rrn,
  sent_at,
  acknowledged_at AS answered_at,
  response_code
  FROM advice a;
COMMENT ON VIEW reporting.issuer_messages IS 'requests, refunds and advices to banks; an advice without an answer is still being sent';

-- reporting.operations:
--   business_date date
--   channel text
--   gateway text
--   door text
--   card_origin text
--   card_brand text
--   sector text
--   merchant_id text
--   site_id text
--   issuer_id text
--   rrn text
--   order_reference text
--   operation_count integer
--   amount_minor bigint
--   currency text
CREATE VIEW reporting.operations AS
  SELECT business_date,
  channel,
  COALESCE(gateway, 'none'::text) AS gateway,
  door,
  card_origin,
  card_brand,
  COALESCE(sector, sector) AS sector,
  merchant_id,
  site_id,
  issuer_id,
  rrn,
  order_reference,
  CASE
  WHEN (part = 1) THEN 1
  ELSE 0
  END AS operation_count,
  amount_minor,
  currency
  FROM (((transfer t
  JOIN payment p ON (((shard_key = shard_key) AND (business_date = payment_date) AND (request_key = request_key))))
  JOIN merchant m ON ((merchant_id = merchant_id)))
  LEFT JOIN site s ON ((site_id = site_id)))
  WHERE ((cause = ANY (ARRAY['purchase'::text, 'capture'::text])) AND (NOT (EXISTS ( SELECT 1
  FROM transfer v
  WHERE ((shard_key = shard_key) AND (business_date = business_date) AND (request_key = request_key) AND (cause = ANY (ARRAY['void'::text, 'reversal'::text])))))));
COMMENT ON VIEW reporting.operations IS 'what the figures count: sum operation_count and amount_minor';

-- reporting.payments:
--   business_date date
--   shard_key integer
--   request_key text
--   state text
--   kind text
--   channel text
--   door text
--   gateway text
--   merchant_id text
--   site_id text
--   terminal_id text
--   order_reference text
--   attempt integer
--   currency text
--   amount_minor bigint
--   authorized_minor bigint
--   captured_minor bigint
--   refunded_minor bigint
--   refund_pending_minor bigint
--   due_on date
--   reversed_on date
--   reversal_cause text
--   decline_reason text
--   response_code text
--   approval_code text
--   card_masked text
--   card_brand text
--   card_origin text
--   issuer_id text
--   stan text
--   rrn text
--   eci text
--   sent_at timestamp with time zone
--   answered_at timestamp with time zone
--   version integer
CREATE VIEW reporting.payments AS
  SELECT business_date,
  shard_key,
  replace((request_key)::text, '-'::text, ''::text) AS request_key,
  state,
  kind,
  channel,
  door,
  COALESCE(gateway, 'none'::text) AS gateway,
  merchant_id,
  site_id,
  terminal_id,
  order_reference,
  attempt,
  currency,
  amount_minor,
  authorized_minor,
  captured_minor,
  refunded_minor,
  refund_pending_minor,
  due_on,
  reversed_on,
  reversal_cause,
  decline_reason,
  response_code,
  approval_code,
  card_masked,
  card_brand,
  card_origin,
  issuer_id,
  stan,
  rrn,
  eci,
  sent_at,
  answered_at,
  version
  FROM (payment p
  LEFT JOIN site s ON ((site_id = site_id)));
COMMENT ON VIEW reporting.payments IS 'each payment whose outcome is known, as it stands now';

-- reporting.transfers:
--   business_date date
--   shard_key integer
--   request_key text
--   payment_date date
--   cause text
--   part integer
--   debit_account text
--   credit_account text
--   amount_minor bigint
--   currency text
--   recorded_at timestamp with time zone
CREATE VIEW reporting.transfers AS
  SELECT business_date,
  shard_key,
  replace((request_key)::text, '-'::text, ''::text) AS request_key,
  payment_date,
  cause,
  part,
  code AS debit_account,
  code AS credit_account,
  amount_minor,
  currency,
  recorded_at
  FROM ((transfer t
  JOIN account d ON ((account_id = debit_account)))
  JOIN account c ON ((account_id = credit_account)));
COMMENT ON VIEW reporting.transfers IS 'the ledger: one debit, one credit, one amount and its cause';

GRANT USAGE ON SCHEMA reporting TO monetique_app;
GRANT USAGE ON SCHEMA reporting TO monetique_readonly;
GRANT INSERT, SELECT ON public.account TO monetique_app;
GRANT INSERT, SELECT ON public.account_balance TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.advice TO monetique_app;
GRANT DELETE, INSERT, SELECT ON public.api_event TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.api_key TO monetique_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON public.api_request TO monetique_app;
GRANT INSERT, SELECT ON public.audit_event TO monetique_app;
GRANT INSERT, SELECT ON public.booking_address TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.business_day TO monetique_app;
GRANT INSERT, SELECT ON public.callback_delivery TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.card_on_file TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.customer TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.issuer TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.merchant TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.number_lease TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.payment TO monetique_app;
GRANT INSERT, SELECT ON public.payment_event TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.payment_link TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.registered_site TO monetique_app;
GRANT DELETE, INSERT, SELECT ON public.request TO monetique_app;
GRANT SELECT ON public.schema_migration TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.site TO monetique_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON public.task TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.tranlog_watermark TO monetique_app;
GRANT INSERT, SELECT ON public.transfer TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.vault_card TO monetique_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON public.vault_lookup TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.web_attempt TO monetique_app;
GRANT INSERT, SELECT, UPDATE ON public.web_order TO monetique_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON public.web_session TO monetique_app;
GRANT DELETE, INSERT, SELECT ON public.webhook_delivery TO monetique_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON public.webhook_endpoint TO monetique_app;
GRANT SELECT ON reporting.attempts TO monetique_app;
GRANT SELECT ON reporting.attempts TO monetique_readonly;
GRANT SELECT ON reporting.callbacks TO monetique_app;
GRANT SELECT ON reporting.callbacks TO monetique_readonly;
GRANT SELECT ON reporting.issuer_messages TO monetique_app;
GRANT SELECT ON reporting.issuer_messages TO monetique_readonly;
GRANT SELECT ON reporting.operations TO monetique_app;
GRANT SELECT ON reporting.operations TO monetique_readonly;
GRANT SELECT ON reporting.payments TO monetique_app;
GRANT SELECT ON reporting.payments TO monetique_readonly;
GRANT SELECT ON reporting.transfers TO monetique_app;
GRANT SELECT ON reporting.transfers TO monetique_readonly;
