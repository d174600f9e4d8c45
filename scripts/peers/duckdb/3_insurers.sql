-- One insurer at a time. A person with one record has one stay; the few with several records go through the rules, one record a round.

CREATE TABLE persons AS
SELECT
    enp AS person, count(*)::SMALLINT AS records, min(starts) AS insured_from, max(least(ends, death + 1)) AS insured_to,
    min(death) AS death
FROM register
GROUP BY enp;

-- Only people with several records can have equal ones, of which the first stays. An interval ends with the first known death.
CREATE TABLE insurer_records AS
SELECT
    enp AS person, source, record_id, insurer, starts, least(ends, persons.death + 1) AS ends, coalesce(applied, starts) AS applied, change,
    sources.date AS source_date, starts > persons.death AS after_death
FROM register
JOIN persons ON person = enp AND records > 1
JOIN sources ON sources.number = source
QUALIFY row_number() OVER (
    PARTITION BY
        enp, starts, insurer, policy_kind, policy_number, surname, given_name, patronymic, sex, birth_date, snils, doc_kind, doc_number,
        category, applied, register.death, others
    ORDER BY source, record_id
) = 1;

INSERT INTO findings
SELECT sources.name, record_id, NULL, CASE WHEN after_death THEN 'AFTER_DEATH' ELSE 'NO_INTERVAL' END, 'warning'
FROM (
    SELECT source, record_id, after_death FROM insurer_records WHERE ends <= starts
    UNION ALL
    SELECT source, record_id, starts > register.death
    FROM register JOIN persons ON person = enp AND records = 1
    WHERE insured_to <= insured_from
)
JOIN sources ON sources.number = source;

-- Records that start on one day with different insurers compete first: the latest application, then the youngest source, then the
-- smallest code, which leaves the stay unresolved.
CREATE TABLE insurer_claims AS
WITH read_on_start AS (
    SELECT r.*, read_as AS code, row(applied, source_date) AS strength
    FROM insurer_records AS r
    JOIN insurer_readings ON number = insurer AND starts >= since AND starts < until
    WHERE starts < ends
), highest AS (
    SELECT *, strength = max(strength) OVER (PARTITION BY person, starts) AS on_top FROM read_on_start
), standing AS (
    SELECT *, min(CASE WHEN on_top THEN code END) OVER (PARTITION BY person, starts) AS standing FROM highest
)
SELECT
    *,
    on_top AND bool_or(on_top AND code <> standing) OVER same_day AS unresolved,
    min(CASE WHEN on_top AND code = standing THEN row(source, record_id) END) OVER same_day AS winner
FROM standing
WINDOW same_day AS (PARTITION BY person, starts);

-- Steps 1 to 4 of SEM-275: each record of a person, in order, meets the stay that the records before it have left.
CREATE TABLE insurer_sweep AS
WITH RECURSIVE ordered AS MATERIALIZED (
    SELECT
        person, source, record_id, insurer, code, starts, ends, applied, source_date, change, unresolved,
        row_number() OVER (PARTITION BY person ORDER BY starts, applied, source_date, code, source, record_id) AS place
    FROM insurer_claims WHERE code = standing
), sweep AS (
    SELECT
        *, 'begins' AS outcome, NULL::VARCHAR AS rule, 1 AS stay, insurer AS stay_insurer, starts AS stay_from, ends AS stay_to,
        unresolved AS stay_unresolved, []::INTEGER[] AS changes, row(ends, source, record_id) AS longest, NULL::SMALLINT AS losing
    FROM ordered WHERE place = 1
    UNION ALL
    SELECT
        c.*,
        CASE
            WHEN read_as = c.code AND c.starts <= s.stay_to THEN 'joins'
            WHEN c.starts >= s.stay_to THEN 'begins'
            WHEN c.change IS NOT NULL OR month_and_day(c.applied) <= 1101 AND NOT list_contains(s.changes, year(c.applied)) THEN 'changes'
            ELSE 'refused'
        END AS outcome_now,
        CASE outcome_now
            WHEN 'changes' THEN coalesce(c.change, 'CHANGE_AT_WILL')
            WHEN 'refused' THEN CASE WHEN month_and_day(c.applied) > 1101 THEN 'CHANGE_DEADLINE' ELSE 'CHANGE_LIMIT' END
        END,
        s.stay + (outcome_now IN ('begins', 'changes'))::INTEGER,
        CASE WHEN outcome_now IN ('begins', 'changes') THEN c.insurer ELSE s.stay_insurer END,
        CASE WHEN outcome_now IN ('begins', 'changes') THEN c.starts ELSE s.stay_from END,
        CASE outcome_now WHEN 'joins' THEN greatest(s.stay_to, c.ends) WHEN 'refused' THEN s.stay_to ELSE c.ends END,
        CASE outcome_now WHEN 'joins' THEN s.stay_unresolved OR c.unresolved WHEN 'refused' THEN s.stay_unresolved ELSE c.unresolved END,
        CASE
            WHEN c.change IS NULL AND (outcome_now = 'changes' OR outcome_now = 'begins' AND read_as <> c.code)
            THEN list_append(s.changes, year(c.applied)) ELSE s.changes
        END,
        CASE
            WHEN outcome_now IN ('begins', 'changes') OR outcome_now = 'joins' AND c.ends > s.longest[1]
            THEN row(c.ends, c.source, c.record_id) ELSE s.longest
        END,
        read_as
    FROM sweep AS s
    JOIN ordered AS c ON c.person = s.person AND c.place = s.place + 1
    JOIN insurer_readings AS reading ON reading.number = s.stay_insurer AND c.starts >= since AND c.starts < until
)
SELECT * FROM sweep;

CREATE TABLE insurer_stays AS
SELECT
    person, stay, any_value(stay_insurer) AS insurer, any_value(stay_from) AS stay_from, arg_max(stay_unresolved, place) AS unresolved,
    least(arg_max(stay_to, place), lead(any_value(stay_from)) OVER (PARTITION BY person ORDER BY stay)) AS stay_to
FROM insurer_sweep
GROUP BY person, stay;

CREATE TABLE decisions AS
SELECT
    person, 'insurer' AS subject, NULL::TINYINT AS profile, 'lost' AS outcome,
    CASE WHEN on_top THEN 'SAME_DAY_TIE' ELSE 'SAME_DAY' END AS rule, code AS losing, standing AS winning, starts,
    source AS loser_source, record_id AS loser, winner[1] AS winner_source, winner[2] AS winner
FROM insurer_claims WHERE code <> standing
UNION ALL
SELECT person, 'insurer', NULL, 'refused', rule, code, losing, starts, source, record_id, longest[2], longest[3]
FROM insurer_sweep WHERE outcome = 'refused'
UNION ALL
SELECT
    new.person, 'insurer', NULL, 'superseded', new.rule, new.losing, new.code, new.starts, old.source, old.record_id, new.source,
    new.record_id
FROM insurer_sweep AS new
JOIN insurer_sweep AS old ON old.person = new.person AND old.stay = new.stay - 1 AND old.outcome <> 'refused' AND old.ends > new.starts
WHERE new.outcome = 'changes';

-- The first and the last day of insurance; those with gaps between are looked at stay by stay. Without any stay there is neither.
UPDATE persons SET insured_from = s.insured_from, insured_to = s.insured_to
FROM (
    SELECT persons.person, min(stay_from) AS insured_from, max(stay_to) AS insured_to
    FROM persons LEFT JOIN insurer_stays USING (person) WHERE records > 1 GROUP BY ALL
) AS s
WHERE s.person = persons.person;
UPDATE persons SET insured_from = NULL, insured_to = NULL WHERE insured_to <= insured_from;

-- Who of the people with several records is insured on the day, and the record that speaks for the stay.
CREATE TABLE insured_of_several AS
SELECT
    person, source, record_id, read_as AS insurer, greatest(s.stay_from, since) AS insured_from, s.unresolved
FROM insurer_stays AS s
JOIN insurer_readings ON number = s.insurer AND getvariable('as_of') >= since AND getvariable('as_of') < until
JOIN insurer_sweep AS r USING (person, stay)
WHERE s.stay_from <= getvariable('as_of') AND s.stay_to > getvariable('as_of') AND outcome <> 'refused'
QUALIFY row_number() OVER (
    PARTITION BY person
    ORDER BY starts <= getvariable('as_of') AND ends > getvariable('as_of') DESC, applied DESC, source_date DESC, source DESC, record_id DESC
) = 1;
