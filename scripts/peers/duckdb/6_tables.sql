-- The register on the day, the counts and the other tables. The job writes `persons_on_day` first, and counts the heads in what it wrote.

-- A SNILS that the register does not give is that of the person's other records, when they agree.
CREATE TABLE filled AS
WITH missing AS (SELECT enp AS person FROM register WHERE snils IS NULL)
SELECT person, min(snils) AS filled_snils
FROM (
    SELECT person, snils FROM attachments WHERE snils IS NOT NULL AND person IN (FROM missing)
    UNION ALL
    SELECT enp, snils FROM register WHERE snils IS NOT NULL AND enp IN (FROM missing)
)
GROUP BY ALL HAVING min(snils) = max(snils);

CREATE VIEW insured AS
SELECT register.*, read_as AS insured_by, greatest(starts, since) AS insured_from, false AS unresolved
FROM register
ANTI JOIN (SELECT person FROM persons WHERE records > 1) ON person = enp
JOIN insurer_readings ON number = insurer AND getvariable('as_of') >= since AND getvariable('as_of') < until
WHERE starts <= getvariable('as_of') AND least(ends, death + 1) > getvariable('as_of')
UNION ALL
SELECT register.*, s.insurer, s.insured_from, s.unresolved
FROM register JOIN insured_of_several AS s ON s.person = enp AND s.source = register.source AND s.record_id = register.record_id;

-- Leading zeros; two fifths of the time that lpad takes.
CREATE MACRO enp_text(enp) AS CASE WHEN enp >= 1000000000000000 THEN enp::VARCHAR ELSE lpad(enp::VARCHAR, 16, '0') END;
CREATE MACRO snils_text(snils) AS CASE WHEN snils >= 10000000000 THEN snils::VARCHAR ELSE lpad(snils::VARCHAR, 11, '0') END;

CREATE VIEW persons_on_day AS
SELECT
    (hash(i.enp) >> 1)::BIGINT AS person_id,
    enp_text(i.enp) AS enp,
    insurers.code AS insurer,
    i.insured_from,
    clinics.code AS clinic,
    a.attached_from,
    a.method::INTEGER AS method,
    a.district,
    a.doctor_snils,
    i.surname,
    i.given_name,
    nullif(i.patronymic, '') AS patronymic,
    i.sex::INTEGER AS sex,
    i.birth_date,
    i.age::INTEGER AS age,
    snils_text(coalesce(i.snils, filled_snils)) AS snils,
    i.policy_kind::INTEGER AS policy_kind,
    nullif(i.policy_number, '') AS policy_number,
    nullif(i.doc_kind, '') AS doc_kind,
    nullif(i.doc_number, '') AS doc_number,
    i.category::INTEGER AS category,
    i.unresolved AS insurer_unresolved,
    a.unresolved AS clinic_unresolved
FROM insured AS i
JOIN insurers ON insurers.number = i.insured_by
LEFT JOIN attached AS a ON a.person = i.enp
LEFT JOIN clinics ON clinics.number = a.clinic
LEFT JOIN filled ON filled.person = i.enp;

CREATE MACRO heads(persons) AS TABLE
SELECT
    p.insurer,
    p.clinic,
    p.sex,
    label AS band,
    sum(counted)::BIGINT AS heads,
    coalesce(sum(counted) FILTER (funded AND attachable AND getvariable('as_of') >= works_from AND getvariable('as_of') < works_to), 0)::BIGINT
        AS funded_heads
FROM (
    SELECT insurer, clinic, sex, age, NOT insurer_unresolved AND NOT clinic_unresolved AS funded, count(*) AS counted
    FROM read_parquet(persons) WHERE clinic IS NOT NULL GROUP BY ALL
) AS p
JOIN clinics ON clinics.code = p.clinic
JOIN bands ON bands.sex = p.sex AND age BETWEEN first AND last
GROUP BY ALL;

CREATE VIEW decisions_by_name AS
SELECT
    enp_text(person) AS enp, subject, profile::INTEGER AS profile, outcome, rule,
    coalesce(loses.code, leaves.code) AS losing_code, coalesce(wins.code, takes.code) AS winning_code, starts AS start,
    l.name AS loser_source, loser AS loser_record, w.name AS winner_source, winner AS winner_record
FROM decisions
JOIN sources AS l ON l.number = loser_source
JOIN sources AS w ON w.number = winner_source
LEFT JOIN insurers AS loses ON subject = 'insurer' AND loses.number = losing
LEFT JOIN insurers AS wins ON subject = 'insurer' AND wins.number = winning
LEFT JOIN clinics AS leaves ON subject = 'clinic' AND leaves.number = losing
LEFT JOIN clinics AS takes ON subject = 'clinic' AND takes.number = winning;
