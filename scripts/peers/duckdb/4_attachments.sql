-- Attachment rows, in the same way as those of the register. Each finds its person while it is read, by the policy number; if not, it is
-- looked at again.

CREATE MACRO typed_attachments(name) AS TABLE
SELECT
    r.*,
    iso(r.birth_date) AS birth,
    iso(r.attached_from) AS starts,
    iso(r.attached_to) AS stopped,
    number_of_16(r.enp) AS enp_number,
    number_of_11(r.snils) AS snils_number,
    coalesce(TRY_CAST(r.profile AS TINYINT), 1) AS profile_number,
    TRY_CAST(r.method AS TINYINT) AS method_number,
    clinics.number AS clinic_number,
    clinics.works_from,
    clinics.works_to,
    clinics.closes_on,
    clinics.attachable,
    clinics.ages
FROM query_table(name) AS r
LEFT JOIN clinics ON clinics.code = r.clinic;

-- Fields that only tell duplicates.
CREATE MACRO attachment_others(
    enp, surname, given_name, patronymic, sex, birth, policy_kind, policy_number, doc_kind, doc_number, stopped, department
) AS
    hash(enp, surname, given_name, patronymic, sex, birth, policy_kind, policy_number, doc_kind, doc_number, stopped, department);

CREATE MACRO attachment_end(stopped, closes_on, death, ages, of_age) AS
    least(stopped, closes_on, death + 1, CASE WHEN ages = 'children' THEN of_age END);
CREATE MACRO reason_to_leave_out(starts, ends, stopped, closes_on, death, ages, of_age, insured_from, insured_to) AS
    CASE
        WHEN ends > starts AND starts < insured_to AND ends > insured_from THEN NULL
        WHEN starts > death THEN 'AFTER_DEATH'
        WHEN ages = 'children' AND of_age <= starts THEN 'CLINIC_AGE'
        WHEN least(stopped, closes_on) <= starts THEN 'NO_INTERVAL'
        ELSE 'NOT_INSURED'
    END;

SET disabled_optimizers = 'join_order,build_side_probe_side';
CREATE TABLE attachments AS
WITH checked AS (
    SELECT
        *,
        coalesce(
            extra IS NULL AND doctor_snils IS NOT NULL
            AND plain_text(policy_number) AND plain_text(surname) AND plain_text(given_name) AND plain_text(patronymic) AND plain_text(doc_number)
            AND surname <> '' AND given_name <> ''
            AND policy_kind IN ('3', '')
            AND coded_birth = birth AND coded_sex = sex AND check_digit_ok(enp_number, luhn_of_birth)
            AND starts >= birth AND starts >= works_from AND starts < works_to AND attachable
            AND date_or_empty(attached_to, stopped) AND coalesce(stopped > starts, true)
            AND CASE WHEN snils = '' THEN true ELSE snils_ok(snils_number) END
            AND profile_number BETWEEN 1 AND 5 AND CASE WHEN method = '' THEN true ELSE method_number BETWEEN 1 AND 3 END
            AND person IS NOT NULL,
            false
        ) AS plain,
        attachment_end(stopped, closes_on, death, ages, of_age) AS ends
    FROM typed_attachments('attachment_files')
    LEFT JOIN codings ON codings.coded = coded_in(enp_number)
    LEFT JOIN persons ON person = enp_number
)
SELECT
    source,
    CASE WHEN NOT plain THEN concat_ws(
        ';', record_id, clinic, enp, policy_kind, policy_number, snils, surname, given_name, patronymic, sex, birth_date, doc_kind, doc_number,
        profile, method, attached_from, attached_to, district, department, doctor_snils, extra
    ) END AS line,
    record_id,
    person,
    snils_number AS snils,
    clinic_number AS clinic,
    profile_number AS profile,
    method_number AS method,
    starts,
    ends,
    reason_to_leave_out(starts, ends, stopped, closes_on, death, ages, of_age, insured_from, insured_to) AS left_out,
    ages = 'adults' AND starts < of_age AS child_with_adults,
    district,
    doctor_snils,
    attachment_others(
        enp_number, surname, given_name, patronymic, sex, birth, policy_kind, policy_number, doc_kind, doc_number, stopped, department
    ) AS others
FROM checked;
RESET disabled_optimizers;

CREATE TABLE attachment_lines AS
SELECT source, line, fields(line) AS f FROM attachments WHERE line IS NOT NULL
UNION ALL
SELECT sources.number, csv_line, CASE WHEN error_type <> 'INVALID ENCODING' THEN fields(csv_line) END
FROM reject_errors JOIN reject_scans USING (scan_id, file_id) JOIN sources ON sources.path = file_path AND kind = 'attachment';

INSERT INTO findings SELECT * FROM unreadable('attachment_lines', 20);

CREATE TABLE attachment_fields AS
SELECT
    source, f[1] AS record_id, f[2] AS clinic, without_tick(f[3]) AS enp, f[4] AS policy_kind, f[5] AS policy_number, f[6] AS snils,
    f[7] AS surname, f[8] AS given_name, f[9] AS patronymic, f[10] AS sex, f[11] AS birth_date, f[12] AS doc_kind, f[13] AS doc_number,
    f[14] AS profile, f[15] AS method, f[16] AS attached_from, f[17] AS attached_to, f[18] AS district, f[19] AS department, f[20] AS doctor_snils
FROM attachment_lines WHERE len(f) = 20;

CREATE TABLE attachments_again AS
SELECT
    r.* REPLACE (
        CASE WHEN snils_is_right THEN snils_number END AS snils_number,
        CASE WHEN profile_number BETWEEN 1 AND 5 THEN profile_number ELSE 1 END AS profile_number,
        CASE WHEN method_number BETWEEN 1 AND 3 THEN method_number END AS method_number
    ),
    concat_ws(
        ' ',
        CASE WHEN clinic = '' THEN 'FIELD_REQUIRED:clinic' WHEN clinic_number IS NULL THEN 'CLINIC_UNKNOWN:clinic' END,
        CASE WHEN starts < works_from OR starts >= works_to THEN 'CLINIC_NOT_WORKING:clinic' END,
        CASE WHEN NOT attachable THEN 'CLINIC_NOT_ATTACHABLE:clinic' END,
        CASE WHEN surname = '' THEN 'FIELD_REQUIRED:surname' END,
        CASE WHEN given_name = '' THEN 'FIELD_REQUIRED:given_name' END,
        CASE WHEN sex NOT IN ('', '1', '2') THEN 'SEX_INVALID:sex' END,
        policy_faults(policy_kind, policy_number, enp),
        CASE WHEN policy_kind <> '3' AND enp = '' AND policy_number = '' AND NOT snils_is_right THEN 'FIELD_REQUIRED:enp' END,
        enp_faults(enp, enp_number, coded_birth),
        birth_faults(birth_date, birth),
        CASE WHEN attached_from = '' THEN 'FIELD_REQUIRED:attached_from' WHEN starts IS NULL THEN 'DATE_INVALID:attached_from' END,
        CASE WHEN starts < birth THEN 'DATES_REVERSED:attached_from' END,
        CASE WHEN attached_to <> '' AND stopped IS NULL THEN 'DATE_INVALID:attached_to' END,
        CASE WHEN stopped <= starts THEN 'DATES_REVERSED:attached_to' END
    ) AS errors,
    concat_ws(
        ' ',
        enp_doubts(enp_number, coded_birth, coded_sex, birth, sex),
        CASE WHEN snils <> '' AND NOT snils_is_right THEN 'SNILS_INVALID:snils' END,
        CASE WHEN method NOT IN ('', '1', '2', '3') THEN 'METHOD_UNKNOWN:method' END
    ) AS warnings
FROM (SELECT *, coalesce(snils_ok(snils_number), false) AS snils_is_right FROM typed_attachments('attachment_fields')) AS r
LEFT JOIN codings ON codings.coded = coded_in(enp_number);

INSERT INTO findings SELECT * FROM found('attachments_again');

-- They find their person by the policy number after all, or by the SNILS with birth date and given name.
CREATE TABLE linked_by_number AS
SELECT a.*, person FROM attachments_again AS a LEFT JOIN persons ON person = enp_number WHERE errors = '';
-- A table of its own, lest the names of the whole register are brought into their form for comparison.
CREATE TABLE of_equal_snils AS
SELECT a.source, a.record_id, r.enp, r.given_name, a.given_name AS other_given_name
FROM linked_by_number AS a JOIN register AS r ON r.snils = a.snils_number AND r.birth_date = birth
WHERE person IS NULL;

DELETE FROM attachments WHERE line IS NOT NULL;
INSERT INTO attachments
WITH linked_by_snils AS (
    SELECT source, record_id, min(enp) AS person FROM of_equal_snils WHERE name_key(given_name) = name_key(other_given_name) GROUP BY ALL
), linked AS (
    SELECT n.* EXCLUDE person, coalesce(n.person, s.person) AS of_person
    FROM linked_by_number AS n LEFT JOIN linked_by_snils AS s USING (source, record_id)
), ended AS (
    SELECT linked.*, persons.*, of_age, attachment_end(stopped, closes_on, death, ages, of_age) AS ends
    FROM linked
    JOIN births ON born = birth
    LEFT JOIN persons ON person = of_person
)
SELECT
    source, NULL, record_id, person, snils_number, clinic_number, profile_number, method_number, starts, ends,
    reason_to_leave_out(starts, ends, stopped, closes_on, death, ages, of_age, insured_from, insured_to), ages = 'adults' AND starts < of_age,
    district, doctor_snils,
    attachment_others(
        enp_number, surname, given_name, patronymic, sex, birth, policy_kind, policy_number, doc_kind, doc_number, stopped, department
    )
FROM ended;
