-- What merchants of Maroc Telecommerce answer to a callback: booked, or not.
ALTER TABLE callback_delivery DROP CONSTRAINT callback_delivery_answer_check;
ALTER TABLE callback_delivery ADD CONSTRAINT callback_delivery_answer_check CHECK (answer IN (
  'post_auth', 'booked', 'not_booked', 'approved', 'failure', 'empty', 'other_text', 'http_status',
  'redirect', 'too_large', 'timeout', 'connection', 'address_refused'));
