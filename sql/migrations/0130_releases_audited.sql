-- Who released a month's figures, or withdrew them, is in the audit trail like other deeds.

ALTER TABLE audit_event DROP CONSTRAINT audit_event_kind_check;
ALTER TABLE audit_event ADD CONSTRAINT audit_event_kind_check CHECK (kind IN ('chain',
  'api_request', 'cc5_request', 'key', 'attempt', 'business_day', 'release'));
