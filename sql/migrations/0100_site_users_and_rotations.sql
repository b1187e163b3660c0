-- A site of the CMI gateway that an operator adds has a user of the CC5 interface, as those of the
-- directory's files may have: its password is only compared, so that its hash alone is kept.

ALTER TABLE registered_site
  ADD COLUMN api_user text,
  ADD COLUMN api_password_hash text,
  -- Of the request that made it: run again after a crash, it does not make another site.
  ADD COLUMN creation_seed uuid UNIQUE,
  -- Of the request that rotated its store key last: run again, it does not rotate again.
  ADD COLUMN rotation_seed uuid,
  ADD CHECK ((api_user IS NULL) = (api_password_hash IS NULL));
