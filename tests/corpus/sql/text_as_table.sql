SELECT * FROM 'a.csv'
