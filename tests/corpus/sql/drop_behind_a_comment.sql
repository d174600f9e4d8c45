/* */ DROP TABLE persons
