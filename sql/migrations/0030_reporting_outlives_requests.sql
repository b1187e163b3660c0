-- A request is deleted some weeks after its outcome, which its payment repeats: what is reported of
-- attempts and messages comes from the payment, and from the request only while it has no outcome.
-- A refund is reported with the bank's answer to it.

CREATE OR REPLACE VIEW reporting.attempts AS
SELECT p.business_date, p.shard_key, replace(p.request_key::text, '-', '') AS request_key,
  p.issuer_id, p.stan, p.rrn, p.sent_at, p.site_id, p.order_reference, p.attempt, p.amount_minor,
  p.currency, p.state, p.decline_reason, p.response_code, p.answered_at
FROM public.payment p
UNION ALL
SELECT r.business_date, r.shard_key, replace(r.request_key::text, '-', ''), r.issuer_id, r.stan,
  r.rrn, r.sent_at, NULL, NULL, NULL, NULL, NULL, 'sent', NULL, NULL, NULL
FROM public.request r WHERE NOT EXISTS (
  SELECT 1 FROM public.payment p WHERE p.shard_key = r.shard_key
    AND p.business_date = r.business_date AND p.request_key = r.request_key);
COMMENT ON VIEW reporting.attempts IS 'each attempt at a payment, with its outcome where it has one';

CREATE OR REPLACE VIEW reporting.issuer_messages AS
SELECT p.business_date, p.issuer_id, 'request' AS kind, 1 AS part, p.stan, p.rrn, p.sent_at,
  p.answered_at, p.response_code
FROM public.payment p
-- Without an answer's code this reason means that the link was down: nothing was sent.
WHERE p.issuer_id IS NOT NULL
  AND NOT (p.decline_reason IS NOT DISTINCT FROM 'issuer_unavailable' AND p.response_code IS NULL)
UNION ALL
SELECT r.business_date, r.issuer_id, 'request', 1, r.stan, r.rrn, r.sent_at, NULL, NULL
FROM public.request r WHERE r.issuer_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM public.payment p WHERE p.shard_key = r.shard_key
    AND p.business_date = r.business_date AND p.request_key = r.request_key)
UNION ALL
SELECT e.business_date, p.issuer_id, 'refund', e.version, e.stan, e.rrn, e.recorded_at,
  CASE WHEN answer.response_code IS NOT NULL THEN answer.recorded_at END, answer.response_code
FROM public.payment_event e
JOIN public.payment p ON p.shard_key = e.shard_key AND p.business_date = e.payment_date
  AND p.request_key = e.request_key
LEFT JOIN public.payment_event answer ON answer.shard_key = e.shard_key
  AND answer.payment_date = e.payment_date AND answer.request_key = e.request_key
  AND answer.kind IN ('refunded', 'refund_declined')
  AND answer.stan = e.stan AND answer.rrn = e.rrn
WHERE e.kind = 'refund_sent'
UNION ALL
SELECT a.business_date, a.issuer_id, a.kind, a.part, a.stan, a.facts ->> 'rrn', a.sent_at,
  a.acknowledged_at, a.response_code
FROM public.advice a;
COMMENT ON VIEW reporting.issuer_messages IS 'requests, refunds and advices to banks; an advice without an answer is still being sent';
