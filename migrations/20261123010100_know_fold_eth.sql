-- Guðrún is looked for as "gudrun": the letter ð was folded to đ, which no search asks for; and the
-- Greek ς at the end of a word is the σ that it is in capitals. As `fold` of know/customers does.
create or replace function know.fold(name text) returns text language sql immutable parallel safe strict as $$
  select translate(lower(regexp_replace(normalize(name, nfkd), '[\u0300-\u036f]', '', 'g')), 'łøđðþıœæßς’''', 'loddtioasσ')
$$;
reindex index know.customer_by_family_name;
reindex index know.customer_by_full_name;
reindex index know.customer_by_words;
