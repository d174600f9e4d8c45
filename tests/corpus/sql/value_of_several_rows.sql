SELECT person_id, (SELECT surname FROM persons) FROM funding
