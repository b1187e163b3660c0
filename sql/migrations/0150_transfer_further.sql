-- The few transfers that are not the first capture of a payment on the payment's own date: what
-- remains to be read of a day's ledger once its payments are read [record 0018]. Of all others the
-- index knows nothing, and costs what it takes to see that.
CREATE INDEX transfer_further ON transfer (shard_key, business_date)
  WHERE NOT (part = 1 AND cause IN ('purchase', 'capture') AND payment_date = business_date);
