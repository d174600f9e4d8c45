SELECT surname, age FROM persons ORDER BY age LIMIT 2
