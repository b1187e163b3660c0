-- The password of a site's user of the CC5 interface rotates as its store key does: the one before is
-- accepted beside it until the overlap ends.

ALTER TABLE registered_site
  ADD COLUMN previous_password_hash text,
  ADD COLUMN previous_password_until timestamptz,
  -- Of the request that rotated it last: run again, it makes another password, as nobody was shown
  -- the first, and leaves the one before as it is.
  ADD COLUMN password_seed uuid,
  ADD CHECK ((previous_password_hash IS NULL) = (previous_password_until IS NULL));
