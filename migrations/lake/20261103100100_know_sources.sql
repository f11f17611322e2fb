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
