-- Stable views for whoever checks from outside, and what each role may do.

CREATE SCHEMA reporting;

CREATE VIEW reporting.payments AS
SELECT p.business_date, p.shard_key, replace(p.request_key::text, '-', '') AS request_key,
  p.state, p.kind, p.channel, p.door, coalesce(s.gateway, 'none') AS gateway, p.merchant_id,
  p.site_id, p.terminal_id, p.order_reference, p.attempt, p.currency, p.amount_minor,
  p.authorized_minor, p.captured_minor, p.refunded_minor, p.refund_pending_minor,
  p.due_on, p.reversed_on, p.reversal_cause, p.decline_reason, p.response_code, p.approval_code,
  p.card_masked, p.card_brand, p.card_origin, p.issuer_id, p.stan, p.rrn, p.eci,
  p.sent_at, p.answered_at, p.version
FROM public.payment p LEFT JOIN public.site s ON s.site_id = p.site_id;
COMMENT ON VIEW reporting.payments IS 'each payment whose outcome is known, as it stands now';

CREATE VIEW reporting.attempts AS
SELECT r.business_date, r.shard_key, replace(r.request_key::text, '-', '') AS request_key,
  r.issuer_id, r.stan, r.rrn, r.sent_at, p.site_id, p.order_reference, p.attempt, p.amount_minor,
  p.currency, coalesce(p.state, 'sent') AS state, p.decline_reason, p.response_code, p.answered_at
FROM public.request r LEFT JOIN public.payment p ON p.shard_key = r.shard_key
  AND p.business_date = r.business_date AND p.request_key = r.request_key;
COMMENT ON VIEW reporting.attempts IS 'each request that was about to be sent to a bank, with its outcome where it has one; older ones are in payments only';

CREATE VIEW reporting.transfers AS
SELECT t.business_date, t.shard_key, replace(t.request_key::text, '-', '') AS request_key,
  t.payment_date, t.cause, t.part, d.code AS debit_account, c.code AS credit_account,
  t.amount_minor, t.currency, t.recorded_at
FROM public.transfer t
JOIN public.account d ON d.account_id = t.debit_account
JOIN public.account c ON c.account_id = t.credit_account;
COMMENT ON VIEW reporting.transfers IS 'the ledger: one debit, one credit, one amount and its cause';

CREATE VIEW reporting.operations AS
SELECT t.business_date, p.channel, coalesce(s.gateway, 'none') AS gateway, p.door, p.card_origin,
  p.card_brand, coalesce(s.sector, m.sector) AS sector, p.merchant_id, p.site_id, p.issuer_id,
  p.rrn, p.order_reference, CASE WHEN t.part = 1 THEN 1 ELSE 0 END AS operation_count,
  t.amount_minor, t.currency
FROM public.transfer t
JOIN public.payment p ON p.shard_key = t.shard_key AND p.business_date = t.payment_date
  AND p.request_key = t.request_key
JOIN public.merchant m ON m.merchant_id = p.merchant_id
LEFT JOIN public.site s ON s.site_id = p.site_id
WHERE t.cause IN ('purchase', 'capture') AND NOT EXISTS (
  SELECT 1 FROM public.transfer v WHERE v.shard_key = t.shard_key
    AND v.business_date = t.business_date AND v.request_key = t.request_key
    AND v.cause IN ('void', 'reversal'));
COMMENT ON VIEW reporting.operations IS 'what the figures count: sum operation_count and amount_minor';

CREATE VIEW reporting.issuer_messages AS
SELECT r.business_date, r.issuer_id, 'request' AS kind, 1 AS part, r.stan, r.rrn, r.sent_at,
  p.answered_at, p.response_code
FROM public.request r LEFT JOIN public.payment p ON p.shard_key = r.shard_key
  AND p.business_date = r.business_date AND p.request_key = r.request_key
WHERE r.issuer_id IS NOT NULL
UNION ALL
SELECT e.business_date, p.issuer_id, 'refund', e.version, e.stan, e.rrn, e.recorded_at,
  NULL::timestamptz, NULL::text
FROM public.payment_event e JOIN public.payment p ON p.shard_key = e.shard_key
  AND p.business_date = e.payment_date AND p.request_key = e.request_key
WHERE e.kind = 'refund_sent'
UNION ALL
SELECT a.business_date, a.issuer_id, a.kind, a.part, a.stan, a.facts ->> 'rrn', a.sent_at,
  a.acknowledged_at, a.response_code
FROM public.advice a;
COMMENT ON VIEW reporting.issuer_messages IS 'requests and advices to banks; an advice without an answer is still being sent';

CREATE VIEW reporting.callbacks AS
SELECT shard_key, site_id, order_reference, attempt, try_number, payment_id, sent_at, duration_ms,
  url_host, http_status, answer, outcome
FROM (SELECT d.*, d.reference AS order_reference FROM public.callback_delivery d) AS delivery;
COMMENT ON VIEW reporting.callbacks IS 'each try at telling a merchant''s server an outcome, and what it answered';

-- The ledger and the histories are append-only for the centre itself.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_app') THEN
    GRANT USAGE ON SCHEMA public, reporting TO monetique_app;
    GRANT SELECT ON ALL TABLES IN SCHEMA public, reporting TO monetique_app;
    GRANT INSERT ON merchant, site, issuer, business_day, number_lease, tranlog_watermark, request,
      payment, payment_event, account, transfer, account_balance, advice, task, vault_card,
      vault_lookup, web_order, web_session, web_attempt, callback_delivery TO monetique_app;
    GRANT UPDATE ON merchant, site, issuer, business_day, number_lease, tranlog_watermark, payment,
      advice, task, vault_card, vault_lookup, web_order, web_session, web_attempt TO monetique_app;
    GRANT DELETE ON request, task, vault_lookup, web_session TO monetique_app;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'monetique_readonly') THEN
    GRANT USAGE ON SCHEMA reporting TO monetique_readonly;
    GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO monetique_readonly;
  END IF;
END $$;
