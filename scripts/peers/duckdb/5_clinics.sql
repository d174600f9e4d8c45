-- One clinic at a time, in each profile. As with insurers only the few whose records contradict each other go through the rules.

CREATE TABLE several_attachments AS
SELECT person, profile FROM attachments WHERE person IS NOT NULL GROUP BY ALL HAVING count(*) > 1;

-- Of these most have left one clinic before the next one. Without an overlap, or a stay that goes on in the same clinic, each record is a
-- stay of its own and there is nothing to decide. Records that overlap are neighbours in the order of their starts, or have neighbours between
-- them that do.
CREATE TABLE contested AS
SELECT person, profile
FROM (
    SELECT
        person, profile, starts, lag(starts) OVER in_order AS last_start, lag(ends) OVER in_order AS last_end,
        heir = lag(heir) OVER in_order AS same_clinic
    FROM attachments
    JOIN several_attachments USING (person, profile)
    JOIN clinics ON number = clinic
    WINDOW in_order AS (PARTITION BY person, profile ORDER BY starts)
)
WHERE starts < last_end OR starts = last_start OR starts = last_end AND same_clinic
GROUP BY ALL;

-- Insurance with a gap that covers an attachment is none.
UPDATE attachments SET left_out = 'NOT_INSURED'
FROM (
    SELECT person FROM (SELECT person, stay_to < lead(stay_from) OVER (PARTITION BY person ORDER BY stay) AS gap FROM insurer_stays)
    GROUP BY ALL HAVING bool_or(gap)
) AS interrupted
WHERE attachments.person = interrupted.person AND left_out IS NULL AND NOT EXISTS (
    FROM insurer_stays AS s WHERE s.person = attachments.person AND attachments.starts < s.stay_to AND attachments.ends > s.stay_from
);

CREATE TABLE clinic_records AS
SELECT attachments.*, sources.date AS source_date
FROM attachments
JOIN contested USING (person, profile)
JOIN sources ON sources.number = source
QUALIFY row_number() OVER (
    PARTITION BY person, profile, snils, clinic, method, starts, district, doctor_snils, others
    ORDER BY source, record_id
) = 1;

INSERT INTO findings
WITH kept AS (
    SELECT source, record_id, left_out, child_with_adults FROM clinic_records
    UNION ALL
    SELECT source, record_id, left_out, child_with_adults FROM attachments ANTI JOIN contested USING (person, profile)
    WHERE left_out IS NOT NULL OR child_with_adults
)
SELECT sources.name, record_id, NULL, unnest([left_out, CASE WHEN child_with_adults THEN 'CLINIC_AGE' END]) AS code, 'warning'
FROM kept JOIN sources ON sources.number = source;
DELETE FROM findings WHERE code IS NULL;

-- Records that start on one day with different clinics compete first: the highest method, then the youngest source, then the smallest
-- code, which leaves the stay unresolved.
CREATE TABLE clinic_claims AS
WITH read_on_start AS (
    SELECT r.*, read_as AS code, row(coalesce(method, 1), source_date) AS strength
    FROM clinic_records AS r
    JOIN clinic_readings ON number = clinic AND starts >= since AND starts < until
    WHERE left_out IS NULL
), highest AS (
    SELECT *, strength = max(strength) OVER (PARTITION BY person, profile, starts) AS on_top FROM read_on_start
), standing AS (
    SELECT *, min(CASE WHEN on_top THEN code END) OVER (PARTITION BY person, profile, starts) AS standing FROM highest
)
SELECT
    *,
    on_top AND bool_or(on_top AND code <> standing) OVER same_day AS unresolved,
    min(CASE WHEN on_top AND code = standing THEN row(source, record_id) END) OVER same_day AS winner
FROM standing
WINDOW same_day AS (PARTITION BY person, profile, starts);

-- Steps 1 to 4 of SEM-275, as for insurers; methods: 1 by residence, 2 by application, 3 by application after a move.
CREATE TABLE clinic_sweep AS
WITH RECURSIVE ordered AS MATERIALIZED (
    SELECT
        person, profile, source, record_id, clinic, code, starts, ends, method, source_date, district, doctor_snils, unresolved,
        row_number() OVER (
            PARTITION BY person, profile ORDER BY starts, coalesce(method, 1), source_date, code, source, record_id
        ) AS place
    FROM clinic_claims WHERE code = standing
), sweep AS (
    SELECT
        *, 'begins' AS outcome, NULL::VARCHAR AS rule, 1 AS stay, clinic AS stay_clinic, starts AS stay_from, ends AS stay_to,
        method AS stay_method, unresolved AS stay_unresolved, []::INTEGER[] AS changes, row(ends, source, record_id) AS longest,
        NULL::SMALLINT AS losing
    FROM ordered WHERE place = 1
    UNION ALL
    SELECT
        c.*,
        CASE
            WHEN read_as = c.code AND c.starts <= s.stay_to THEN 'joins'
            WHEN c.starts >= s.stay_to THEN 'begins'
            WHEN c.method = 3 OR c.method = 2 AND NOT list_contains(s.changes, year(c.starts)) THEN 'changes'
            WHEN c.method = 2 OR s.stay_method > 1 THEN 'refused'
            ELSE 'changes'
        END AS outcome_now,
        CASE outcome_now
            WHEN 'changes' THEN CASE c.method WHEN 3 THEN 'CHANGE_MOVED' WHEN 2 THEN 'CHANGE_AT_WILL' ELSE 'TERRITORY' END
            WHEN 'refused' THEN CASE c.method WHEN 2 THEN 'CHANGE_LIMIT' ELSE 'APPLICATION_OUTRANKS_RESIDENCE' END
        END,
        s.stay + (outcome_now IN ('begins', 'changes'))::INTEGER,
        CASE WHEN outcome_now IN ('begins', 'changes') THEN c.clinic ELSE s.stay_clinic END,
        CASE WHEN outcome_now IN ('begins', 'changes') THEN c.starts ELSE s.stay_from END,
        CASE outcome_now WHEN 'joins' THEN greatest(s.stay_to, c.ends) WHEN 'refused' THEN s.stay_to ELSE c.ends END,
        CASE outcome_now WHEN 'joins' THEN greatest(s.stay_method, c.method) WHEN 'refused' THEN s.stay_method ELSE c.method END,
        CASE outcome_now WHEN 'joins' THEN s.stay_unresolved OR c.unresolved WHEN 'refused' THEN s.stay_unresolved ELSE c.unresolved END,
        CASE
            WHEN c.method = 2 AND (outcome_now = 'changes' OR outcome_now = 'begins' AND read_as <> c.code)
            THEN list_append(s.changes, year(c.starts)) ELSE s.changes
        END,
        CASE
            WHEN outcome_now IN ('begins', 'changes') OR outcome_now = 'joins' AND c.ends > s.longest[1]
            THEN row(c.ends, c.source, c.record_id) ELSE s.longest
        END,
        read_as
    FROM sweep AS s
    JOIN ordered AS c ON c.person = s.person AND c.profile = s.profile AND c.place = s.place + 1
    JOIN clinic_readings AS reading ON reading.number = s.stay_clinic AND c.starts >= since AND c.starts < until
)
SELECT * FROM sweep;

CREATE TABLE clinic_stays AS
SELECT
    person, profile, stay, any_value(stay_clinic) AS clinic, any_value(stay_from) AS stay_from, arg_max(stay_unresolved, place) AS unresolved,
    arg_max(stay_method, place) AS method,
    least(arg_max(stay_to, place), lead(any_value(stay_from)) OVER (PARTITION BY person, profile ORDER BY stay)) AS stay_to
FROM clinic_sweep
GROUP BY person, profile, stay;

INSERT INTO decisions
SELECT
    person, 'clinic', profile, 'lost', CASE WHEN on_top THEN 'SAME_DAY_TIE' ELSE 'SAME_DAY' END, code, standing, starts, source, record_id,
    winner[1], winner[2]
FROM clinic_claims WHERE code <> standing
UNION ALL
SELECT person, 'clinic', profile, 'refused', rule, code, losing, starts, source, record_id, longest[2], longest[3]
FROM clinic_sweep WHERE outcome = 'refused'
UNION ALL
SELECT
    new.person, 'clinic', new.profile, 'superseded', new.rule, new.losing, new.code, new.starts, old.source, old.record_id, new.source,
    new.record_id
FROM clinic_sweep AS new
JOIN clinic_sweep AS old
    ON old.person = new.person AND old.profile = new.profile AND old.stay = new.stay - 1 AND old.outcome <> 'refused' AND old.ends > new.starts
WHERE new.outcome = 'changes';

-- The clinic of the therapeutic stay that covers the day, with the record that speaks for it.
CREATE VIEW attached AS
SELECT
    person, read_as AS clinic, greatest(starts, since) AS attached_from, method, false AS unresolved, nullif(district, '') AS district,
    nullif(doctor_snils, '') AS doctor_snils
FROM (
    SELECT person, clinic, starts, method, district, doctor_snils
    FROM attachments ANTI JOIN contested USING (person, profile)
    WHERE profile = 1 AND left_out IS NULL AND starts <= getvariable('as_of') AND ends > getvariable('as_of')
)
JOIN clinic_readings ON number = clinic AND getvariable('as_of') >= since AND getvariable('as_of') < until
UNION ALL
(
    SELECT person, read_as, greatest(s.stay_from, since), s.method, s.unresolved, nullif(district, ''), nullif(doctor_snils, '')
    FROM clinic_stays AS s
    JOIN clinic_readings ON number = s.clinic AND getvariable('as_of') >= since AND getvariable('as_of') < until
    JOIN clinic_sweep AS r USING (person, profile, stay)
    WHERE profile = 1 AND s.stay_from <= getvariable('as_of') AND s.stay_to > getvariable('as_of') AND outcome <> 'refused'
    QUALIFY row_number() OVER (
        PARTITION BY person
        ORDER BY
            starts <= getvariable('as_of') AND ends > getvariable('as_of') DESC, starts DESC, source_date DESC, source DESC, record_id DESC
    ) = 1
);
