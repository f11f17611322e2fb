-- Customers are found by whatever a caller says: any words of a name, the end of a telephone, account or card number.

-- The words of a name, folded, as lexemes: no dictionary, no parser that would take "J.Weber" for a host. What is
-- beyond 500 characters is no name anybody says; a lexeme may not be longer.
create function know.words(name text) returns tsvector language sql immutable parallel safe strict as $$
  select array_to_tsvector(array_remove(regexp_split_to_array(left(know.fold(name), 500), '[\s.,/&()-]+'), ''))
$$;

-- A number without spaces and signs, from its end: account numbers, IBANs and cards are told by their last digits.
create function know.turned(number text) returns text language sql immutable parallel safe strict as $$
  select reverse(upper(regexp_replace(number, '[^A-Za-z0-9]', '', 'g')))
$$;

create index customer_by_words on know.customer using gin
  (know.words(coalesce(full_name, '') || ' ' || coalesce(given_name, '') || ' ' || coalesce(family_name, '')));
create index customer_by_phone_end on know.customer (reverse(know.digits(phone)) text_pattern_ops) where phone is not null;
create index holding_by_number_end on know.holding (know.turned(number) text_pattern_ops) where number is not null;
drop index know.holding_by_number;
