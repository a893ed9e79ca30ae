-- Times are milliseconds since 1970-01-01T00:00Z; 9223372036854775807 stands for "never". Documented in docs/schema.md.
CREATE TABLE "${prefix}" (
  session_key uuid NOT NULL,
  created_at bigint NOT NULL,
  max_idle bigint NOT NULL,
  touch_every bigint NOT NULL,
  lifetime_end bigint NOT NULL,
  previous_until bigint NOT NULL,
  expiry_bucket bigint NOT NULL,
  id_digest bytea NOT NULL,
  previous_digest bytea,
  snapshot bytea NOT NULL,
  version bigint NOT NULL,
  last_accessed bigint NOT NULL,
  expires_at bigint NOT NULL,
  changes bytea NOT NULL,
  CONSTRAINT "${prefix}_pkey" PRIMARY KEY (session_key)
) WITH (fillfactor = 70);

-- Values are small, often encrypted, and grow by changes: trying to compress them costs time and gains nothing.
ALTER TABLE "${prefix}"
  ALTER COLUMN snapshot SET STORAGE EXTERNAL,
  ALTER COLUMN changes SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX "${prefix}_id" ON "${prefix}" (id_digest);
CREATE UNIQUE INDEX "${prefix}_previous" ON "${prefix}" (previous_digest) WHERE previous_digest IS NOT NULL;
CREATE INDEX "${prefix}_expiry" ON "${prefix}" (expiry_bucket);

CREATE TABLE "${prefix}_index" (
  session_key uuid NOT NULL,
  name text NOT NULL,
  value text,
  since bigint NOT NULL,
  CONSTRAINT "${prefix}_index_pkey" PRIMARY KEY (session_key, name),
  CONSTRAINT "${prefix}_index_session" FOREIGN KEY (session_key) REFERENCES "${prefix}" ON DELETE CASCADE
);

-- Removed entries stay as rows without a value and take no room here.
CREATE INDEX "${prefix}_index_value" ON "${prefix}_index" (name, value, since, session_key) WHERE value IS NOT NULL;

CREATE TABLE "${prefix}_meta" (
  application varchar(64) NOT NULL,
  schema_version integer NOT NULL
);

INSERT INTO "${prefix}_meta" (application, schema_version) VALUES ('${application}', 1);
