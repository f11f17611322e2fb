create database if not exists know;

-- The customer an event came in for keeps its name here for good: when two customers become one, the map from party to
-- customer changes and history does not.
create table if not exists know.event (
  party_id Int64,
  occurred_at DateTime64(3, 'UTC'),
  event_id UUID,
  version Int64,
  source LowCardinality(String),
  source_event_id String,
  type LowCardinality(String),
  payload String
) engine = ReplacingMergeTree(version)
partition by toYYYYMM(occurred_at)
order by (party_id, occurred_at, event_id);
