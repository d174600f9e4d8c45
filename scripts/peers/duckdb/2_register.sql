-- Register rows. Nearly all are plainly right, and are found so while they are read. The others keep their line and are looked at again,
-- for quotes and for all that is wrong with them.

CREATE TABLE categories AS
SELECT code, TRY_CAST(code AS TINYINT) AS category, code IN ('3', '5', '8', '10', '11', '12', '13', '14') AS term_limited
FROM (SELECT unnest(['', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14']) AS code);

-- The rule of a change of insurer for this reason, unless it is at will.
CREATE TABLE reasons AS
SELECT
    code,
    CASE WHEN code IN ('П032', 'П035') THEN 'CHANGE_MOVED' WHEN code IN ('П033', 'П036') THEN 'CHANGE_CONTRACT_ENDED' END AS rule
FROM (SELECT unnest([
    '', 'П010', 'П021', 'П022', 'П023', 'П024', 'П025', 'П031', 'П032', 'П033', 'П034', 'П035', 'П036', 'П040', 'П060', 'П061', 'П062',
    'П063'
]) AS code);

CREATE MACRO typed_register(name) AS TABLE
SELECT
    r.*,
    iso(r.birth_date) AS birth,
    iso(r.insured_from) AS starts,
    iso(r.insured_to) AS planned,
    iso(r.stopped_on) AS stopped,
    iso(r.applied_on) AS applied,
    iso(r.death_date) AS death,
    number_of_16(r.enp) AS enp_number,
    number_of_11(r.snils) AS snils_number,
    insurers.number AS insurer_number,
    insurers.works_from,
    insurers.works_to,
    insurers.closes_on,
    categories.category AS category_number,
    categories.code IS NOT NULL AS category_known,
    coalesce(categories.term_limited, false) AS term_limited,
    reasons.code IS NOT NULL AS reason_known,
    reasons.rule AS change
FROM query_table(name) AS r
LEFT JOIN insurers ON insurers.code = r.insurer
LEFT JOIN categories ON categories.code = r.category
LEFT JOIN reasons ON reasons.code = r.reason;

-- What later steps need of a row; `others` stands for the fields that only tell duplicates.
CREATE MACRO register_others(region, birth_place, citizenship, planned, stopped, reason) AS
    hash(region, birth_place, citizenship, planned, stopped, reason);
CREATE MACRO register_end(stopped, planned, term_limited, starts, closes_on) AS least(
    coalesce(stopped, closes_on),
    CASE WHEN term_limited THEN coalesce(planned, make_date(year(starts) + 1, 1, 1)) ELSE closes_on END,
    closes_on
);

-- The optimizer takes files for small and would hash their rows; the small tables are to be hashed, as the joins are written.
SET disabled_optimizers = 'join_order,build_side_probe_side';
CREATE TABLE register AS
WITH checked AS (
    SELECT
        *,
        coalesce(
            extra IS NULL AND death_date IS NOT NULL
            AND plain_text(policy_number) AND plain_text(surname) AND plain_text(given_name) AND plain_text(patronymic)
            AND plain_text(birth_place) AND plain_text(doc_number)
            AND surname <> '' AND given_name <> ''
            AND CASE policy_kind WHEN '3' THEN true WHEN '1' THEN policy_number <> '' ELSE false END
            AND coded_birth = birth AND coded_sex = sex AND check_digit_ok(enp_number, luhn_of_birth)
            AND starts >= birth AND starts >= works_from AND starts < works_to
            AND date_or_empty(insured_to, planned) AND coalesce(planned > starts, true) AND term_limited = (insured_to <> '')
            AND date_or_empty(stopped_on, stopped) AND coalesce(stopped > starts, true)
            AND date_or_empty(applied_on, applied) AND date_or_empty(death_date, death)
            AND CASE WHEN snils = '' THEN true ELSE snils_ok(snils_number) END
            AND category_known AND reason_known,
            false
        ) AS plain
    FROM typed_register('register_files')
    LEFT JOIN codings ON codings.coded = coded_in(enp_number)
)
SELECT
    source,
    CASE WHEN NOT plain THEN concat_ws(
        ';', record_id, region, insurer, policy_kind, policy_number, enp, surname, given_name, patronymic, sex, birth_date, birth_place,
        snils, doc_kind, doc_number, citizenship, category, insured_from, insured_to, stopped_on, applied_on, reason, death_date, extra
    ) END AS line,
    record_id,
    enp_number AS enp,
    insurer_number AS insurer,
    TRY_CAST(policy_kind AS TINYINT) AS policy_kind,
    policy_number,
    surname,
    given_name,
    patronymic,
    TRY_CAST(sex AS TINYINT) AS sex,
    birth AS birth_date,
    age,
    snils_number AS snils,
    doc_kind,
    doc_number,
    category_number AS category,
    starts,
    register_end(stopped, planned, term_limited, starts, closes_on) AS ends,
    applied,
    change,
    death,
    register_others(region, birth_place, citizenship, planned, stopped, reason) AS others
FROM checked;
RESET disabled_optimizers;

-- The rows to look at again.
CREATE TABLE register_lines AS
SELECT source, line, fields(line) AS f FROM register WHERE line IS NOT NULL
UNION ALL
SELECT sources.number, csv_line, CASE WHEN error_type <> 'INVALID ENCODING' THEN fields(csv_line) END
FROM reject_errors JOIN reject_scans USING (scan_id, file_id) JOIN sources ON sources.path = file_path AND kind = 'register';

INSERT INTO findings SELECT * FROM unreadable('register_lines', 23);

CREATE TABLE register_fields AS
SELECT
    source, f[1] AS record_id, f[2] AS region, f[3] AS insurer, f[4] AS policy_kind, f[5] AS policy_number, without_tick(f[6]) AS enp,
    f[7] AS surname, f[8] AS given_name, f[9] AS patronymic, f[10] AS sex, f[11] AS birth_date, f[12] AS birth_place, f[13] AS snils,
    f[14] AS doc_kind, f[15] AS doc_number, f[16] AS citizenship, f[17] AS category, f[18] AS insured_from, f[19] AS insured_to,
    f[20] AS stopped_on, f[21] AS applied_on, f[22] AS reason, f[23] AS death_date
FROM register_lines WHERE len(f) = 23;

INSERT INTO findings
SELECT sources.name, record_id, 'snils', 'SNILS_REQUIRED', 'warning'
FROM register JOIN sources ON sources.number = source
WHERE line IS NULL AND snils IS NULL AND age >= 18 AND category IN (1, 6);

CREATE TABLE register_again AS
SELECT
    r.* REPLACE (CASE WHEN snils_is_right THEN snils_number END AS snils_number),
    b.age,
    concat_ws(
        ' ',
        CASE WHEN insurer = '' THEN 'FIELD_REQUIRED:insurer' WHEN insurer_number IS NULL THEN 'INSURER_UNKNOWN:insurer' END,
        CASE WHEN starts < works_from OR starts >= works_to THEN 'INSURER_NOT_WORKING:insurer' END,
        CASE WHEN surname = '' THEN 'FIELD_REQUIRED:surname' END,
        CASE WHEN given_name = '' THEN 'FIELD_REQUIRED:given_name' END,
        CASE WHEN sex = '' THEN 'FIELD_REQUIRED:sex' WHEN sex NOT IN ('1', '2') THEN 'SEX_INVALID:sex' END,
        policy_faults(policy_kind, policy_number, enp),
        CASE WHEN policy_kind = '' THEN 'FIELD_REQUIRED:policy_kind' END,
        enp_faults(enp, enp_number, coded_birth),
        birth_faults(birth_date, birth),
        CASE WHEN insured_from = '' THEN 'FIELD_REQUIRED:insured_from' WHEN starts IS NULL THEN 'DATE_INVALID:insured_from' END,
        CASE WHEN starts < birth THEN 'DATES_REVERSED:insured_from' END,
        CASE WHEN insured_to <> '' AND planned IS NULL THEN 'DATE_INVALID:insured_to' END,
        CASE WHEN planned <= starts THEN 'DATES_REVERSED:insured_to' END,
        CASE WHEN stopped_on <> '' AND stopped IS NULL THEN 'DATE_INVALID:stopped_on' END,
        CASE WHEN stopped <= starts THEN 'DATES_REVERSED:stopped_on' END,
        CASE WHEN applied_on <> '' AND applied IS NULL THEN 'DATE_INVALID:applied_on' END,
        CASE WHEN death_date <> '' AND death IS NULL THEN 'DATE_INVALID:death_date' END
    ) AS errors,
    concat_ws(
        ' ',
        enp_doubts(enp_number, coded_birth, coded_sex, birth, sex),
        CASE WHEN snils <> '' AND NOT snils_is_right THEN 'SNILS_INVALID:snils' END,
        CASE WHEN NOT snils_is_right AND category IN ('1', '6') AND b.age >= 18 THEN 'SNILS_REQUIRED:snils' END,
        CASE WHEN NOT category_known THEN 'CATEGORY_UNKNOWN:category' END,
        CASE WHEN NOT reason_known THEN 'REASON_UNKNOWN:reason' END,
        CASE WHEN term_limited AND insured_to = '' THEN 'TERM_MISSING:insured_to' END,
        CASE WHEN NOT term_limited AND planned IS NOT NULL THEN 'TERM_IGNORED:insured_to' END
    ) AS warnings
FROM (SELECT *, coalesce(snils_ok(snils_number), false) AS snils_is_right FROM typed_register('register_fields')) AS r
LEFT JOIN codings ON codings.coded = coded_in(enp_number)
LEFT JOIN births AS b ON b.born = birth;

INSERT INTO findings SELECT * FROM found('register_again');

DELETE FROM register WHERE line IS NOT NULL;
INSERT INTO register
SELECT
    source, NULL, record_id, enp_number, insurer_number, policy_kind::TINYINT, policy_number, surname, given_name, patronymic, sex::TINYINT,
    birth, age, snils_number, doc_kind, doc_number, category_number, starts,
    register_end(stopped, planned, term_limited, starts, closes_on), applied, change, death,
    register_others(region, birth_place, citizenship, planned, stopped, reason)
FROM register_again WHERE errors = '';
