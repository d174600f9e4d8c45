-- Names of insurers and clinics by their codes, which have 5 and 6 digits.
SELECT insurer AS code, name FROM insurers UNION ALL SELECT clinic AS code, name FROM clinics
