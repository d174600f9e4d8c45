-- What the row checks of both tables have in common.
-- Of the job: tables sources, insurers, clinics, readings and bands; variable as_of.

-- What depends on the birth date: age, 18th birthday (1 March for 29 February), and, with the sex, digits 3 to 10 of a policy number.
CREATE MACRO coded(birth, fifty_for_men) AS 99999999 - (
    (month(birth) + CASE WHEN year(birth) <= 1950 THEN 20 WHEN year(birth) <= 2000 THEN 40 ELSE 0 END) * 1000000
    + (year(birth) % 10 * 1000 + year(birth) // 10 % 10 * 100 + year(birth) // 100 % 10 * 10 + year(birth) // 1000) * 100
    + day(birth) + fifty_for_men
);
CREATE MACRO month_and_day(day) AS month(day) * 100 + day(day);
CREATE TABLE births AS
SELECT
    born,
    (year(as_of) - year(born) - (month_and_day(as_of) < month_and_day(born))::INTEGER)::SMALLINT AS age,
    (born + INTERVAL 18 YEAR)::DATE + (month_and_day(born) = 229)::INTEGER AS of_age
FROM (
    SELECT day::DATE AS born, getvariable('as_of') AS as_of
    FROM range(DATE '1900-01-01', getvariable('as_of') + INTERVAL 1 DAY, INTERVAL 1 DAY) AS days(day)
);
-- Luhn, modulo ten: there n // 10 may stand for its last digit, and a doubled digit loses 9, that is gains 1, from 5 on.
CREATE MACRO luhn_of_2(n) AS n + 2 * (n // 10) + n // 50;
CREATE MACRO luhn_of_6(n) AS
    n + 2 * (n // 10) + n // 50 - n // 100 + 2 * (n // 1000) + n // 5000 - n // 10000 + 2 * (n // 100000) + n // 500000;
CREATE MACRO luhn_of_8(n) AS luhn_of_2(n // 1000000) + luhn_of_6(n % 1000000);
CREATE TABLE codings AS
SELECT *, luhn_of_8(coded) % 10 AS luhn_of_birth
FROM (
    SELECT coded(born, 50)::INTEGER AS coded, '1' AS coded_sex, born AS coded_birth, age, of_age FROM births
    UNION ALL
    SELECT coded(born, 0)::INTEGER, '2', born, age, of_age FROM births
);

-- Of a policy number only the two digits before the coded birth and the six behind it are added up; those of the birth are known.
CREATE MACRO check_digit_ok(enp, luhn_of_birth) AS
    (luhn_of_2((enp // 100000000000000)::INTEGER) + luhn_of_birth + luhn_of_6((enp % 1000000)::INTEGER)) % 10 = 0;

-- The nine digits before the control number with the weights 9 to 1, as a sum of n // 10 and so on; defined above 001-001-998 only.
CREATE MACRO snils_sum(n) AS
    n - 8 * (n // 10) - 17 * (n // 100) - 26 * (n // 1000) - 35 * (n // 10000) - 44 * (n // 100000) - 53 * (n // 1000000)
    - 62 * (n // 10000000) - 71 * (n // 100000000);
CREATE MACRO snils_ok(snils) AS
    snils > 0 AND (snils // 100 <= 1001998 OR snils_sum((snils // 100)::INTEGER) % 101 % 100 = snils % 100);

CREATE MACRO iso(text) AS CASE WHEN strlen(text) = 10 THEN TRY_CAST(text AS DATE) END;
CREATE MACRO plain_text(text) AS text < '"' OR text >= '#';
CREATE MACRO date_or_empty(text, day) AS text = '' OR day IS NOT NULL;
CREATE MACRO number_of_16(text) AS CASE WHEN strlen(text) = 16 THEN TRY_CAST(text AS BIGINT) END;
CREATE MACRO number_of_11(text) AS CASE WHEN strlen(text) = 11 THEN TRY_CAST(text AS BIGINT) END;
CREATE MACRO coded_in(enp) AS (enp // 1000000 % 100000000)::INTEGER;

-- Names as they are compared: upper case, Latin letters that look Cyrillic, ё, dashes, blanks.
CREATE MACRO name_key(name) AS
    regexp_replace(
        regexp_replace(translate(upper(trim(name)), 'ABCEHKMOPTXЁ‐‑‒–—―', 'АВСЕНКМОРТХЕ------'), '\s+', ' ', 'g'),
        ' ?([-.'']) ?', '\1', 'g'
    );

-- Without the back-tick or apostrophe that keeps a number a text in a spreadsheet.
CREATE MACRO without_tick(enp) AS CASE WHEN enp[1] IN ('`', '''') THEN trim(enp[2:]) ELSE enp END;

-- A line with quotes as fields (RFC 4180); NULL when a quote is not closed or text follows a closing quote.
CREATE MACRO unquoted(parts, line) AS
    CASE
        WHEN list_sum(list_transform(parts, lambda p: len(p))) = len(line) + 1
        THEN list_transform(parts, lambda p: CASE WHEN starts_with(p, '"') THEN replace(p[2:-3], '""', '"') ELSE p[:-2] END)
    END;
CREATE MACRO quoted_fields(line) AS unquoted(regexp_extract_all(line || ';', '("(?:[^"]|"")*"|[^";][^;]*|);'), line);
CREATE MACRO fields(line) AS CASE WHEN contains(line, '"') THEN quoted_fields(line) ELSE string_split(line, ';') END;

CREATE TABLE findings (source VARCHAR, record_id VARCHAR, field VARCHAR, code VARCHAR, severity VARCHAR);

-- Faults as `CODE:field`, NULL when there is none. An ENP is wrong in its form, in its check digit, or codes no day that could be a birth.
CREATE MACRO policy_faults(kind, number, enp) AS
    CASE
        WHEN kind = '3' AND enp = '' THEN 'FIELD_REQUIRED:enp'
        WHEN kind IN ('1', '2') AND number = '' THEN 'FIELD_REQUIRED:policy_number'
        WHEN kind = '2' AND NOT regexp_full_match(number, '[0-9]{9}') THEN 'POLICY_NUMBER_FORMAT:policy_number'
        WHEN kind NOT IN ('', '1', '2', '3') THEN 'POLICY_KIND_UNKNOWN:policy_kind'
    END;
CREATE MACRO enp_faults(enp, number, coded_birth) AS
    CASE
        WHEN enp = '' THEN NULL
        WHEN NOT regexp_full_match(enp, '[0-9]{16}') THEN 'ENP_FORMAT:enp'
        ELSE nullif(concat_ws(
            ' ',
            CASE WHEN NOT check_digit_ok(number, luhn_of_8(coded_in(number))) THEN 'ENP_CHECK_DIGIT:enp' END,
            CASE WHEN coded_birth IS NULL THEN 'ENP_IMPOSSIBLE:enp' END
        ), '')
    END;
CREATE MACRO enp_doubts(number, coded_birth, coded_sex, birth, sex) AS
    CASE
        WHEN (coded_birth <> birth OR coded_sex <> sex AND sex IN ('1', '2')) AND check_digit_ok(number, luhn_of_8(coded_in(number)))
        THEN 'ENP_PERSON_MISMATCH:enp'
    END;
CREATE MACRO birth_faults(birth_date, birth) AS
    CASE
        WHEN birth_date = '' THEN 'FIELD_REQUIRED:birth_date'
        WHEN birth IS NULL THEN 'DATE_INVALID:birth_date'
        WHEN birth < DATE '1900-01-01' OR birth > getvariable('as_of') THEN 'BIRTH_DATE_RANGE:birth_date'
    END;

-- The findings of rows with their errors and warnings in two texts.
CREATE MACRO found(name) AS TABLE
SELECT sources.name, record_id, split_part(fault, ':', 2), split_part(fault, ':', 1), severity
FROM (
    SELECT source, record_id, unnest(string_split(errors, ' ')) AS fault, 'error' AS severity FROM query_table(name) WHERE errors <> ''
    UNION ALL
    SELECT source, record_id, unnest(string_split(warnings, ' ')), 'warning' FROM query_table(name) WHERE warnings <> ''
)
JOIN sources ON sources.number = source;

-- What could not be read: another number of fields, a broken quote, or bytes that are no UTF-8.
CREATE MACRO unreadable(name, columns) AS TABLE
SELECT
    sources.name, NULL, NULL,
    CASE WHEN f IS NOT NULL THEN 'ROW_SHAPE' WHEN contains(line, '"') THEN 'ROW_QUOTE' ELSE 'ROW_ENCODING' END,
    'error'
FROM query_table(name) JOIN sources ON sources.number = source
WHERE f IS NULL OR len(f) <> columns;
