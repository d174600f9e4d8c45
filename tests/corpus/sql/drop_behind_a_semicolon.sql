; DROP TABLE persons
