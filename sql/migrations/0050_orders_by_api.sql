-- A payment of the API is an order, whichever door it came through. Its id carries its bucket, the
-- business date at its creation and its key; each attempt carries the key of its request, so that
-- one statement tells where an order stands without believing the order's own row.

ALTER TABLE web_order
  ADD COLUMN order_key uuid,
  ADD COLUMN business_date date,
  ADD COLUMN kind text,
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN description text,
  ADD COLUMN customer json,
  ADD COLUMN metadata json,
  -- The address of the page opened last, sealed: whoever reads the table cannot open the page.
  ADD COLUMN page_sealed bytea,
  -- Where the payment of a paid order is, as paid_payment says in one word.
  ADD COLUMN payment_date date,
  ADD COLUMN payment_key uuid;

-- As requestKeyOf makes it: each part behind its length in bytes.
UPDATE web_order o SET
  order_key = substr(encode(sha256(convert_to('5:order' || octet_length(o.site_id) || ':' ||
    o.site_id || octet_length(o.reference) || ':' || o.reference, 'UTF8')), 'hex'), 1, 32)::uuid,
  business_date = (o.created_at AT TIME ZONE 'Africa/Casablanca')::date,
  kind = coalesce((SELECT s.kind FROM web_session s WHERE s.shard_key = o.shard_key
    AND s.session_digest = o.latest_session), 'purchase'),
  expires_at = coalesce((SELECT s.expires_at FROM web_session s WHERE s.shard_key = o.shard_key
    AND s.session_digest = o.latest_session), o.updated_at);

-- The 32 characters of a payment's id are 12 bits of bucket, 20 of date and 128 of key.
UPDATE web_order o SET
  payment_date = date '1970-01-01' + substr(id.bits, 13, 20)::bit(20)::int,
  payment_key = (lpad(to_hex(substr(id.bits, 33, 32)::bit(32)::bigint), 8, '0') ||
    lpad(to_hex(substr(id.bits, 65, 32)::bit(32)::bigint), 8, '0') ||
    lpad(to_hex(substr(id.bits, 97, 32)::bit(32)::bigint), 8, '0') ||
    lpad(to_hex(substr(id.bits, 129, 32)::bit(32)::bigint), 8, '0'))::uuid
FROM (
  SELECT shard_key, site_id, reference, (
    SELECT string_agg((strpos('0123456789abcdefghjkmnpqrstvwxyz', digit) - 1)::bit(5)::text, ''
      ORDER BY place)
    FROM unnest(string_to_array(substr(paid_payment, 5), NULL)) WITH ORDINALITY AS d (digit, place)
  ) AS bits
  FROM web_order WHERE length(paid_payment) = 36
) id
WHERE o.shard_key = id.shard_key AND o.site_id = id.site_id AND o.reference = id.reference;

ALTER TABLE web_order
  ALTER COLUMN order_key SET NOT NULL,
  ALTER COLUMN business_date SET NOT NULL,
  ALTER COLUMN kind SET NOT NULL,
  ALTER COLUMN expires_at SET NOT NULL,
  ADD CONSTRAINT web_order_kind_check CHECK (kind IN ('preauthorization', 'purchase')),
  ADD CONSTRAINT web_order_order_key UNIQUE (shard_key, order_key);
CREATE INDEX web_order_newest ON web_order (shard_key, site_id, created_at DESC, order_key DESC);

ALTER TABLE web_attempt ADD COLUMN request_key uuid;
UPDATE web_attempt SET request_key = substr(encode(sha256(convert_to('3:web' ||
  octet_length(site_id) || ':' || site_id || octet_length(reference) || ':' || reference ||
  length(attempt::text) || ':' || attempt, 'UTF8')), 'hex'), 1, 32)::uuid;
ALTER TABLE web_attempt ALTER COLUMN request_key SET NOT NULL;
