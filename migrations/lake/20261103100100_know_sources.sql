create database if not exists know;

-- What was booked on a holding, in the customer's view: money in is positive, money out negative. A fact keeps the
-- identity it came with; who it belongs to is asked of know.holding_of when it is read.
create table if not exists know.account_transaction (
  holding_id          Int64,
  booked_on           Date32,
  transaction_id      String,
  value_on            Date32,
  occurred_at         DateTime64(3, 'UTC'),
  amount_minor        Int64,
  currency            LowCardinality(String),
  kind                LowCardinality(String),
  operation           LowCardinality(String),
  counterparty_key    String,
  category            LowCardinality(String),
  balance_after_minor Nullable(Int64),
  status              LowCardinality(String),
  reverses            String,
  own_transfer        UInt8,
  customer_initiated  UInt8,
  feed_id             Int64,
  line                UInt64,
  digest              UInt64,
  version             UInt64
) engine = ReplacingMergeTree(version) partition by toYYYYMM(booked_on) order by (holding_id, booked_on, transaction_id);

-- The lines of a file while it is being applied; its partition is dropped when the feed is settled.
create table if not exists know.feed_line (
  feed_id Int64,
  part    LowCardinality(String),
  line    UInt64,
  raw     String
) engine = MergeTree partition by feed_id order by (part, line);

-- Our numbers for the sources' own ids that a feed looks up; its partition is dropped when the feed is settled.
create table if not exists know.feed_key (
  feed_id     Int64,
  kind        LowCardinality(String),
  namespace   LowCardinality(String),
  external_id String,
  customer_id Int64,
  holding_id  Int64
) engine = MergeTree partition by feed_id order by (kind, namespace, external_id);
