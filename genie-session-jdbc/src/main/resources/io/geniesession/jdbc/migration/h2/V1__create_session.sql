-- Times are milliseconds since 1970-01-01T00:00Z; 9223372036854775807 stands for "never". Documented in docs/schema.md.
-- DDL commits by itself in H2: every statement can be run again after a crash, and the row in "_meta" comes last.
CREATE TABLE IF NOT EXISTS "${prefix}" (
  short_key BIGINT NOT NULL PRIMARY KEY,
  session_key UUID NOT NULL,
  id_digest VARBINARY(32) NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_accessed BIGINT NOT NULL,
  max_idle BIGINT NOT NULL,
  touch_every BIGINT NOT NULL,
  lifetime_end BIGINT NOT NULL,
  expires_at BIGINT NOT NULL GENERATED ALWAYS AS (
    CASE WHEN max_idle = 0 THEN lifetime_end ELSE LEAST(lifetime_end, last_accessed + max_idle + touch_every) END
  ),
  expiry_bucket BIGINT NOT NULL GENERATED ALWAYS AS (
    RSHIFT(CASE WHEN max_idle = 0 THEN lifetime_end ELSE LEAST(lifetime_end, last_accessed + max_idle + touch_every) END, 21) + 1
  ),
  changes VARBINARY(1000000000) NOT NULL,
  snapshot VARBINARY(1000000000) NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS "${prefix}_ID" ON "${prefix}" (id_digest);
CREATE INDEX IF NOT EXISTS "${prefix}_EXPIRY" ON "${prefix}" (expiry_bucket);

CREATE TABLE IF NOT EXISTS "${prefix}_FORMER" (
  short_key BIGINT NOT NULL PRIMARY KEY REFERENCES "${prefix}" ON DELETE CASCADE,
  id_digest VARBINARY(32) NOT NULL,
  usable_until BIGINT NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS "${prefix}_FORMER_ID" ON "${prefix}_FORMER" (id_digest);

CREATE TABLE IF NOT EXISTS "${prefix}_INDEX" (
  short_key BIGINT NOT NULL REFERENCES "${prefix}" ON DELETE CASCADE,
  session_key UUID NOT NULL,
  name VARCHAR NOT NULL,
  "VALUE" VARCHAR,
  since BIGINT NOT NULL,
  PRIMARY KEY (short_key, name)
);

CREATE INDEX IF NOT EXISTS "${prefix}_INDEX_VALUE" ON "${prefix}_INDEX" (name, "VALUE", since, session_key, short_key);

CREATE TABLE IF NOT EXISTS "${prefix}_META" (
  application VARCHAR(64) NOT NULL,
  schema_version INTEGER NOT NULL
);

INSERT INTO "${prefix}_META" (application, schema_version) VALUES ('${application}', 1);
