-- Under which of the customer's versions a standing was noted, so that a claim can be ordered against it
-- (invariant I5), which a timestamp cannot do. Null: it came in a file, whose rows take no version each.
alter table know.standing add column noted_version bigint;

-- Half of a keyed digest's key (HMAC, RFC 2104): the key, filled up to 64 bytes, each byte against the pad's.
create function trust.hmac_pad(key bytea, pad int) returns bytea language plpgsql immutable strict parallel safe as $$
declare
  padded bytea := decode(repeat(lpad(to_hex(pad), 2, '0'), 64), 'hex');
begin
  for place in 0 .. length(key) - 1 loop
    padded := set_byte(padded, place, get_byte(key, place) # pad);
  end loop;
  return padded;
end $$;

-- The one spelling of an address, as the server makes it before it digests one: null when it is none.
create function trust.normal_address(medium text, address text) returns text language sql immutable strict parallel safe as $$
  select case
    when medium = 'email' then
      case when a.text ~ '^[^[:space:]@]+@[^[:space:]@]+$' then a.text end
    else
      case when length(d.digits) between 5 and 15 then d.digits end
    end
    from (select lower(btrim(normalize(address, nfkc), E' \t\r\n'))) as a (text),
         lateral (select regexp_replace(regexp_replace(regexp_replace(a.text, '^\+', '00'), '[^0-9]', '', 'g'), '^00', '')) as d (digits)
$$;
