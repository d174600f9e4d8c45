SELECT person_id, ROW_NUMBER() OVER (PARTITION BY clinic ORDER BY amount) FROM funding
