-- What each person of the register on D is worth a month: the norm of the person's clinic; of who has none that is paid, the mean over all heads.
SELECT p.person_id, p.enp, p.insurer, i.name AS insurer_name, p.clinic, c.name AS clinic_name, p.surname, p.given_name, p.patronymic, p.birth_date,
    p.snils, p.doc_kind, p.doc_number, p.insurer_unresolved, p.clinic_unresolved, CAST(1 AS BIGINT) AS heads, COALESCE(f.norm, m.mean) AS roubles
FROM (SELECT *, 1 AS one FROM persons) AS p
LEFT JOIN funding_clinic AS f ON p.clinic = f.clinic
LEFT JOIN organisations AS i ON p.insurer = i.code
LEFT JOIN organisations AS c ON p.clinic = c.code
JOIN mean AS m ON p.one = m.one
