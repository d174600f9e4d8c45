SELECT * FROM persons JOIN READ_PARQUET('http://127.0.0.1:9/x.parquet') AS x USING (person_id)
