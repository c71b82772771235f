-- Finding a service: by words in either language, by pinyin, with typos forgiven; by life event, department and who somebody
-- is; frequent questions with their answers among the services. Everybody reads; the service role imports. No service
-- outside the database is asked: sounds (pinyin, initials, English) lie in a trigram index, Chinese signs in one of pairs.

create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;
grant usage on schema extensions to anon, authenticated, service_role;
-- Only these two are asked for by name; 0001 took from PUBLIC what new functions are granted.
grant execute on function extensions.word_similarity(text, text), extensions.word_similarity_op(text, text) to anon, authenticated, service_role;

create table public.frequent_questions (
  id uuid primary key default gen_random_uuid(),
  code text not null,
  question jsonb not null,
  answer jsonb not null,
  service_id uuid references public.services (id) on delete restrict,
  keywords jsonb not null default '{"zh": [], "en": []}',
  popularity smallint not null default 0,
  constraint frequent_questions_code_once unique (code),
  constraint frequent_questions_code_is_a_word check (code ~ '^[a-z][a-z0-9-]{2,60}$'),
  constraint frequent_questions_are_bilingual check (private.is_bilingual(question) and private.is_bilingual(answer)),
  constraint frequent_questions_popularity check (popularity between 0 and 100)
);
comment on table public.frequent_questions is 'What people ask again and again, with the answer in plain words and, where there is one, the service it leads to.';
create index frequent_questions_service on public.frequent_questions (service_id);
create index frequent_questions_hottest on public.frequent_questions (popularity desc, code);

create table public.search_entries (
  subject_id uuid primary key,
  kind text not null,
  words text not null,
  titles_length integer not null,
  sounds text not null,
  signs text[] not null,
  constraint search_entries_kind check (kind in ('service', 'question'))
);
comment on table public.search_entries is 'One row for everything that can be found. Written when a service or a question is imported, never by hand.';
comment on column public.search_entries.words is 'All its text in both languages, in small letters; first the titles (names and keywords), each between line breaks.';
comment on column public.search_entries.titles_length is 'How much of words the titles are.';
comment on column public.search_entries.sounds is 'How its titles sound: a blank and a word of a–z and 0–9 for the pinyin of every phrase, its initials, and the English.';
comment on column public.search_entries.signs is 'Every Chinese sign of the text, every pair of neighbours, every Latin word.';
-- Imports are rare and searches are not: nothing waits in a list beside the index.
create index search_entries_sounds on public.search_entries using gin (sounds extensions.gin_trgm_ops) with (fastupdate = off);
create index search_entries_signs on public.search_entries using gin (signs) with (fastupdate = off);

alter table public.frequent_questions enable row level security;
alter table public.search_entries enable row level security;
create policy "Everybody reads the frequent questions" on public.frequent_questions for select to anon, authenticated using (true);
create policy "Everybody reads what can be searched" on public.search_entries for select to anon, authenticated using (true);
grant select on public.frequent_questions, public.search_entries to anon, authenticated;

create function private.signs(p_text text, p_is_question boolean default false) returns text[] language sql immutable set search_path = '' as $$
  -- Of what was asked only the pairs count, or the one sign that stands alone.
  select coalesce(array_agg(distinct piece), '{}') from (
    select substr(run, i, n) as piece
    from regexp_split_to_table(left(p_text, 4000), '[^\u3400-\u9fff]+') as run
    cross join generate_series(1, 2) as n cross join lateral generate_series(1, length(run) - n + 1) as i
    where not p_is_question or n = least(2, length(run))
    union all
    select word from regexp_split_to_table(lower(left(p_text, 4000)), '[^a-z0-9]+') as word where word <> '' and not p_is_question) as pieces;
$$;
comment on function private.signs is 'Single Chinese signs and pairs of neighbours, in place of trigrams: most Chinese words have two signs. Of a text also its Latin words.';
grant execute on function private.signs to anon, authenticated, service_role;

create function private.as_sounds(p_text text) returns text language sql immutable set search_path = '' as $$
  select btrim(regexp_replace(lower(coalesce(p_text, '')), '[^a-z0-9]+', ' ', 'g'));
$$;
comment on function private.as_sounds is 'Small Latin letters and digits with single blanks: what the trigram index holds, and what may stand in a pattern.';
grant execute on function private.as_sounds to anon, authenticated, service_role;

create function private.remember_words(p_kind text, p_subject_id uuid, p_titles text[], p_text text, p_sounds text) returns void
language plpgsql set search_path = '' as $$
declare
  v_titles text := E'\n' || (select string_agg(lower(btrim(title)) || E'\n', '') from unnest(p_titles) as title where btrim(title) <> '');
begin
  insert into public.search_entries as e (subject_id, kind, words, titles_length, sounds, signs)
  values (p_subject_id, p_kind, v_titles || lower(p_text), length(v_titles),
    ' ' || private.as_sounds(concat_ws(' ', p_sounds, v_titles)), private.signs(v_titles || p_text))
  on conflict (subject_id) do update set words = excluded.words, titles_length = excluded.titles_length, sounds = excluded.sounds, signs = excluded.signs
  where (e.words, e.sounds) is distinct from (excluded.words, excluded.sounds);
end $$;
comment on function private.remember_words is 'Makes a service or a question findable; p_sounds is the pinyin, which the importer spells out.';

create function private.remember_service(p_service_id uuid, p_sounds text) returns void language sql set search_path = '' as $$
  select private.remember_words('service', s.id,
    array[s.name ->> 'zh', s.name ->> 'en', s.short_name ->> 'zh', s.short_name ->> 'en']
      || array(select jsonb_array_elements_text(s.keywords -> 'zh')) || array(select jsonb_array_elements_text(s.keywords -> 'en')),
    concat_ws(' ', s.summary ->> 'zh', s.summary ->> 'en', d.name ->> 'zh', d.short_name ->> 'zh', d.name ->> 'en'), p_sounds)
  from public.services as s join public.departments as d on d.id = s.department_id where s.id = p_service_id;
$$;
comment on function private.remember_service is 'Makes one service findable by its names, keywords, summary and department.';

create function public.import_question(p_question jsonb) returns boolean language plpgsql security definer set search_path = '' as $$
declare
  v_service uuid := (select id from public.services where code = p_question ->> 'service');
  v_id uuid;
begin
  if v_service is null and p_question ->> 'service' is not null then
    perform private.refuse('service_not_found', 422, p_question ->> 'service');
  end if;
  insert into public.frequent_questions as q (code, question, answer, service_id, keywords, popularity)
  values (p_question ->> 'code', p_question -> 'question', p_question -> 'answer', v_service, p_question -> 'keywords', (p_question ->> 'popularity')::smallint)
  on conflict (code) do update set question = excluded.question, answer = excluded.answer, service_id = excluded.service_id,
    keywords = excluded.keywords, popularity = excluded.popularity
  returning q.id into v_id;
  perform private.remember_words('question', v_id,
    array[p_question -> 'question' ->> 'zh', p_question -> 'question' ->> 'en']
      || array(select jsonb_array_elements_text(p_question -> 'keywords' -> 'zh')) || array(select jsonb_array_elements_text(p_question -> 'keywords' -> 'en')),
    concat_ws(' ', p_question -> 'answer' ->> 'zh', p_question -> 'answer' ->> 'en'), p_question ->> 'sounds');
  return true;
end $$;
comment on function public.import_question is 'Takes one frequent question {code, question, answer, service, keywords, popularity, sounds}; refuses service_not_found.';
grant execute on function public.import_question to service_role;

create function private.matches(p_search text, p_sounds text) returns table (subject_id uuid, kind text, rank integer)
language plpgsql stable rows 50 set search_path = '' as $$
declare
  v_text text := left(lower(btrim(p_search)), 80);
  v_words text[] := regexp_split_to_array(v_text, '\s+');
  v_sounds text := left(private.as_sounds(coalesce(p_sounds, p_search)), 300);
  v_letters text := replace(v_sounds, ' ', '');
  v_longest text := (select word from unnest(string_to_array(v_sounds, ' ')) as word order by length(word) desc limit 1);
  v_signs text[] := private.signs(v_text, true);
  v_each text[] := string_to_array(regexp_replace(v_text, '[^\u3400-\u9fff]+', '', 'g'), null);
begin
  return query
  with candidate as materialized (
    select e.subject_id from public.search_entries as e where v_signs <> '{}' and e.signs @> v_signs
    union
    select e.subject_id from public.search_entries as e where cardinality(v_each) >= 4 and e.signs @> v_each
    union
    select e.subject_id from public.search_entries as e where v_signs = '{}' and v_sounds <> '' and e.signs @> string_to_array(v_sounds, ' ')
    union
    select e.subject_id from public.search_entries as e where length(v_longest) >= 3 and e.sounds like '%' || v_longest || '%'
    union
    select e.subject_id from public.search_entries as e where length(v_longest) between 1 and 2 and e.sounds like '% ' || v_longest || '%'
  ), ranked as (
    select e.subject_id, e.kind, case
        when strpos(e.words, E'\n' || v_text || E'\n') > 0 then 0
        when strpos(e.words, E'\n' || v_text) > 0 then 100
        when not exists (select from unnest(v_words) as word where strpos(e.words, word) not between 1 and e.titles_length) then 200
        when not exists (select from unnest(v_words) as word where strpos(e.words, word) = 0) then 300
        -- Words run together: every sign is there, and most of the pairs.
        when cardinality(v_each) >= 4 and e.signs @> v_each
          and 2 * (select count(*) from unnest(v_signs) as sign where sign = any (e.signs)) >= cardinality(v_signs) then 350
        when v_letters = '' then null
        when strpos(e.sounds || ' ', ' ' || v_letters || ' ') > 0 then 400
        when strpos(e.sounds, ' ' || v_letters) > 0 or length(v_letters) >= 3 and strpos(e.sounds, v_letters) > 0 then 500
      end as rank
    from candidate as c join public.search_entries as e on e.subject_id = c.subject_id
  )
  select r.subject_id, r.kind, r.rank from ranked as r where r.rank is not null;
end $$;
comment on function private.matches is 'What fits the words: rank 0 a name or keyword exactly, 100 how one begins, 200 words of them, 300 words anywhere, 350 the same words run together, 400 the sound of a phrase, 500 a part of one.';

create function private.alike(p_search text, p_sounds text, p_kind text) returns table (subject_id uuid, kind text, rank integer)
language plpgsql stable rows 50 set search_path = '' set enable_seqscan = off as $$
declare
  v_sounds text := left(private.as_sounds(coalesce(p_sounds, p_search)), 300);
  v_letters text := replace(v_sounds, ' ', '');
  v_signs text[] := private.signs(left(p_search, 80), true);
begin
  -- From where on the index takes words for alike, in this transaction. The planner takes the operator for as cheap as
  -- an equals sign, so it is told (above) to use the index.
  perform set_config('pg_trgm.word_similarity_threshold', '0.5', true);
  return query
  with likely as (
    select e.subject_id, extensions.word_similarity(v_sounds, e.sounds) as likeness
    from public.search_entries as e where v_sounds <> '' and v_sounds operator(extensions.<%) e.sounds and e.kind = p_kind
    union all
    -- Pinyin typed sign by sign is one word in the index.
    select e.subject_id, extensions.word_similarity(v_letters, e.sounds)
    from public.search_entries as e where v_letters <> v_sounds and v_letters operator(extensions.<%) e.sounds and e.kind = p_kind
    union all
    select e.subject_id, (select count(*) from unnest(v_signs) as sign where sign = any (e.signs))::real / cardinality(v_signs)
    from public.search_entries as e where v_signs <> '{}' and e.signs && v_signs and e.kind = p_kind
  ), measured as (
    select l.subject_id, max(l.likeness) as likeness from likely as l group by l.subject_id
  ), ranked as (
    select m.subject_id, 700 - 10 * round(10 * m.likeness)::integer as rank from measured as m
  )
  select r.subject_id, p_kind, r.rank from ranked as r where r.rank <= least(660, (select min(o.rank) from ranked as o) + 20);
end $$;
comment on function private.alike is 'What is like the words although it does not fit them, by sound or by pairs of signs: rank 600 quite, 660 just so; only what is about as alike as the best.';
grant execute on function private.matches, private.alike to anon, authenticated, service_role;

create function private.my_town() returns jsonb language sql stable security definer set search_path = '' as $$
  select t.name from public.people as p join public.divisions as t on t.code = private.township_of(p.division_code)
  where p.id = (select auth.uid()) and not t.is_city_area;
$$;
comment on function private.my_town is 'The name of the township outside the city where the caller lives, or null: strangers live nowhere.';
grant execute on function private.my_town to anon, authenticated, service_role;

create function public.list_services(
  p_search text default null, p_sounds text default null, p_life_event text default null, p_department text default null,
  p_who text default null, p_audience text default null, p_is_near boolean default false, p_after jsonb default null, p_limit integer default 15
) returns jsonb language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
-- Planned once a connection: thinking the plan over anew takes longer than the search.
declare
  v_search text := nullif(btrim(p_search), '');
  v_limit integer := greatest(1, least(p_limit, 60));
  v_town jsonb := private.my_town();
  v_is_near boolean := coalesce(p_is_near, false);
  v_services jsonb; v_questions jsonb; v_more jsonb; v_rank integer; v_others jsonb := '[]';
begin
  with fitting as materialized (
    select m.subject_id, m.kind, m.rank from private.matches(v_search, p_sounds) as m where v_search is not null
  ), fits as materialized (
    select f.subject_id, f.rank from fitting as f
    union all
    -- What is only alike is shown where nothing fits.
    select a.subject_id, a.rank from unnest(array['service', 'question']) as wanted(kind) cross join lateral private.alike(v_search, p_sounds, wanted.kind) as a
    where v_search is not null and not exists (select from fitting as f where f.kind = wanted.kind)
  ), found as (
    -- The own township's window is worth fifteen points of being asked for.
    select s.*, coalesce(f.rank, 0) as rank, s.popularity + case when s.reach = 'township' and (v_is_near or v_town is not null) then 15 else 0 end as heat
    from public.services as s left join fits as f on f.subject_id = s.id
    where (v_search is null or f.subject_id is not null)
      and (p_life_event is null or p_life_event = any (s.life_events))
      and (p_department is null or s.department_id = (select id from public.departments where code = p_department))
      and (p_who is null or p_who = any (s.who))
      and (p_audience is null or p_audience = s.audience)
      and (not v_is_near or s.reach = 'township')
      and exists (select from public.guides as g where g.service_id = s.id and g.status = 'published')
  ), page as (
    select f.* from found as f
    where p_after is null or (f.rank, -f.heat, f.code) > ((p_after ->> 'rank')::integer, -(p_after ->> 'heat')::integer, p_after ->> 'code')
    order by f.rank, f.heat desc, f.code limit v_limit + 1
  ), counted as (
    select p.*, row_number() over (order by p.rank, p.heat desc, p.code) as place from page as p
  ), questions as (
    select q.*, coalesce(f.rank, 0) as rank from public.frequent_questions as q left join fits as f on f.subject_id = q.id
    where p_after is null and (v_search is null or f.subject_id is not null)
      and ((p_life_event is null and p_department is null and p_who is null and p_audience is null)
           or v_search is not null or q.service_id in (select f2.id from found as f2))
    order by coalesce(f.rank, 0), q.popularity desc, q.code limit 5
  )
  select
    private.service_cards(array(select c.id from counted as c where c.place <= v_limit order by c.place)),
    (select jsonb_build_object('rank', c.rank, 'heat', c.heat, 'code', c.code) from counted as c
     where c.place = v_limit and exists (select from counted as next where next.place > v_limit)),
    (select min(c.rank) from counted as c),
    (select coalesce(jsonb_agg(jsonb_build_object('code', q.code, 'question', q.question, 'answer', q.answer,
        'service', (select jsonb_build_object('code', s.code, 'name', s.short_name) from public.services as s where s.id = q.service_id)) order by q.rank, q.popularity desc, q.code), '[]') from questions as q)
  into v_services, v_more, v_rank, v_questions;
  if v_services = '[]' and p_after is null then
    v_others := private.hottest_services(4);
  end if;
  return jsonb_build_object('services', v_services, 'more', v_more, 'is_alike', coalesce(v_rank >= 600, false), 'questions', v_questions,
    'others', v_others, 'town', v_town,
    'departments', case when p_after is null then (select coalesce(jsonb_agg(jsonb_build_object('code', d.code, 'name', d.short_name) order by d.code), '[]')
      from public.departments as d where exists (select from public.services as s where s.department_id = d.id)) end);
end $$;
comment on function public.list_services is 'A page of services with a published guide: what fits the words best, then what is asked for most and near; with the questions that fit, the departments to choose from, and the hottest services when nothing was found. The next page begins after "more".';
grant execute on function public.list_services to anon, authenticated;
