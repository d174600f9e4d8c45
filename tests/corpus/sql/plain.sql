SELECT p.surname, f.amount FROM persons AS p LEFT JOIN funding AS f ON p.person_id = f.person_id WHERE p.age > 1 ORDER BY 1 LIMIT 3
