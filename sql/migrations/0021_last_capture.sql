-- The last capture of a payment is told from the others: nothing is captured after it, since the
-- bank releases the rest of the hold with it.
ALTER TABLE payment_event DROP CONSTRAINT payment_event_kind_check;
ALTER TABLE payment_event ADD CONSTRAINT payment_event_kind_check CHECK (kind IN (
  'captured', 'captured_last', 'reversing', 'reversed', 'refund_sent', 'refunded',
  'refund_declined'));
