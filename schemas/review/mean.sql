-- What a funded head is worth a month in the mean.
SELECT 1 AS one, CAST(SUM(amount) / SUM(heads) AS DECIMAL(18, 2)) AS mean FROM funding_clinic
