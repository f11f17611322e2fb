-- The text that was decided on, byte by byte. As json it was parsed once more at every decision, a tenth of what storing it
-- costs, and nothing is ever asked of its inside in SQL.
alter table decide.decision alter column inputs type text using inputs::text;

-- A version changes in its place while its page has room. Pages with fewer rows are also tidied sooner: of a full page's
-- 185 rows every one is looked at for each version that is taken.
alter table platform.stream set (fillfactor = 30);
