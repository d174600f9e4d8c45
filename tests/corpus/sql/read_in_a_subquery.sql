SELECT (SELECT COUNT(*) FROM read_json('x')) FROM persons
