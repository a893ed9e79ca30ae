-- Slots for attributes that change again and again, each with the version and the access of its latest write beside it. The
-- expiry follows from them and is not stored: it would be written with every change. Takes a copy of the table.
ALTER TABLE "${prefix}"
  DROP COLUMN expiry_bucket,
  DROP COLUMN expires_at,
  ADD COLUMN slot1 bytea, ADD COLUMN slot1_version bigint, ADD COLUMN slot1_accessed bigint,
  ADD COLUMN slot2 bytea, ADD COLUMN slot2_version bigint, ADD COLUMN slot2_accessed bigint,
  ADD COLUMN slot3 bytea, ADD COLUMN slot3_version bigint, ADD COLUMN slot3_accessed bigint,
  ADD COLUMN slot4 bytea, ADD COLUMN slot4_version bigint, ADD COLUMN slot4_accessed bigint,
  ADD COLUMN slot5 bytea, ADD COLUMN slot5_version bigint, ADD COLUMN slot5_accessed bigint,
  ADD COLUMN slot6 bytea, ADD COLUMN slot6_version bigint, ADD COLUMN slot6_accessed bigint,
  ADD COLUMN slot7 bytea, ADD COLUMN slot7_version bigint, ADD COLUMN slot7_accessed bigint,
  ADD COLUMN slot8 bytea, ADD COLUMN slot8_version bigint, ADD COLUMN slot8_accessed bigint,
  ADD COLUMN slot9 bytea, ADD COLUMN slot9_version bigint, ADD COLUMN slot9_accessed bigint,
  ADD COLUMN slot10 bytea, ADD COLUMN slot10_version bigint, ADD COLUMN slot10_accessed bigint,
  ADD COLUMN slot11 bytea, ADD COLUMN slot11_version bigint, ADD COLUMN slot11_accessed bigint,
  ADD COLUMN slot12 bytea, ADD COLUMN slot12_version bigint, ADD COLUMN slot12_accessed bigint;

ALTER TABLE "${prefix}"
  ADD COLUMN expiry_bucket bigint NOT NULL GENERATED ALWAYS AS (
    ((CASE WHEN max_idle = 0 THEN lifetime_end ELSE LEAST(lifetime_end, GREATEST(last_accessed,
        slot1_accessed, slot2_accessed, slot3_accessed, slot4_accessed, slot5_accessed, slot6_accessed,
        slot7_accessed, slot8_accessed, slot9_accessed, slot10_accessed, slot11_accessed, slot12_accessed)
      + max_idle + touch_every) END) >> 21) + 1
  ) STORED,
  ALTER COLUMN slot1 SET STORAGE EXTERNAL,
  ALTER COLUMN slot2 SET STORAGE EXTERNAL,
  ALTER COLUMN slot3 SET STORAGE EXTERNAL,
  ALTER COLUMN slot4 SET STORAGE EXTERNAL,
  ALTER COLUMN slot5 SET STORAGE EXTERNAL,
  ALTER COLUMN slot6 SET STORAGE EXTERNAL,
  ALTER COLUMN slot7 SET STORAGE EXTERNAL,
  ALTER COLUMN slot8 SET STORAGE EXTERNAL,
  ALTER COLUMN slot9 SET STORAGE EXTERNAL,
  ALTER COLUMN slot10 SET STORAGE EXTERNAL,
  ALTER COLUMN slot11 SET STORAGE EXTERNAL,
  ALTER COLUMN slot12 SET STORAGE EXTERNAL;

CREATE INDEX "${prefix}_expiry" ON "${prefix}" (expiry_bucket);

UPDATE "${prefix}_meta" SET schema_version = 2;
