-- Figures over the whole base that are counted once and shown many times. Each is of something that does not change any
-- more (a computation of the attributes, the holdings as they were on arrival, the end of a month), so it is never wrong:
-- of anything else it is counted anew.
create table know.kept_figure (
  figure text not null,
  -- What it was counted of, told from everything else by a digest.
  counted_of text not null,
  found json not null,
  counted_at timestamptz not null,
  primary key (figure, counted_of)
);
comment on table know.kept_figure is 'class: reference | figures over the whole base, each of one state of it';
