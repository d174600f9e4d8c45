-- Names of people who are not in the register on D, as far as a table tells them: those who must choose an insurer, and those whom clinics have attached.
SELECT o.person_id, MIN(o.enp) AS enp, MIN(o.surname) AS surname, MIN(o.given_name) AS given_name, MIN(o.patronymic) AS patronymic,
    MIN(o.birth_date) AS birth_date
FROM (SELECT person_id, enp, surname, given_name, patronymic, birth_date FROM must_choose
    UNION ALL SELECT person_id, enp, surname, given_name, patronymic, birth_date FROM attached_uninsured) AS o
GROUP BY o.person_id
