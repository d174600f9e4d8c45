-- Names of people who are not in the register on D, as far as a table tells them: those who must choose an insurer, and those whom clinics have attached.
SELECT known.person_id, MIN(known.enp) AS enp, MIN(known.surname) AS surname, MIN(known.given_name) AS given_name, MIN(known.patronymic) AS patronymic,
    MIN(known.birth_date) AS birth_date
FROM (SELECT person_id, enp, surname, given_name, patronymic, birth_date FROM must_choose
    UNION ALL SELECT person_id, enp, surname, given_name, patronymic, birth_date FROM attached_uninsured) AS known
GROUP BY known.person_id
