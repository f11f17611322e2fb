create database if not exists know;

-- Who stands how to a holding, dated: refreshed whole from know.holding_role, read with every question about a person's transactions.
create table if not exists know.holding_of (
  holding_id  Int64,
  customer_id Int64,
  role        LowCardinality(String),
  authority   LowCardinality(String),
  share_bp    Int32,
  from_on     Date32,
  to_on       Date32,
  product     LowCardinality(String),
  currency    LowCardinality(String),
  opened_on   Date32,
  closed_on   Date32
) engine = MergeTree order by (holding_id, customer_id, role, from_on);

create table if not exists know.holding_of_next as know.holding_of;
