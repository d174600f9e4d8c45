"""Tables that the tariff of the money sample names. Every figure is made up; what must come of it is said beside it where it can be known."""

# Outpatient care: wages of all, and the people of small places with their share of a clinic's people. 980101 misses the floor of 1.04:
# 1 + 0.0500 × (1.6 − 1) = 1.03.
FACTORS = """\
clinic;factor;value;share;valid_from;valid_to
980101;small_places;1.6;0.0500;2026-01-01;
980107;small_places;1.6;0.4500;2026-01-01;2026-07-01
980107;small_places;1.6;0.5000;2026-07-01;
980121;small_places;1.6;1;2026-01-01;
980101;wages;1.00;;2026-01-01;2026-10-01
980101;wages;1.015;;2026-10-01;
980102;wages;1.02;;2026-01-01;
980103;wages;0.99;;2026-01-01;
"""

# Ambulance: stations serve the people of clinics. Nobody serves those of 980111, which is told.
STATIONS = """\
clinic;station;valid_from;valid_to
980101;980120;;
980102;980120;;
980103;980120;;
980107;980121;;2026-11-01
980107;980107;2026-11-01;
980121;980121;;
"""

STATION_GROUPS = """\
clinic;group;valid_from;valid_to
980120;city;2026-01-01;
980107;districts;2026-01-01;
980121;districts;2026-01-01;
"""

# The agreement prints the composition of the city; that of the districts is the mean of their stations by heads.
STATION_K = """\
clinic;group;k;valid_from;valid_to
;city;0.9850;2026-01-01;
"""

STATION_FACTORS = """\
clinic;group;factor;value;share;valid_from;valid_to
;city;distance;0.96;;2026-01-01;
;districts;distance;1.08;;2026-01-01;
"""

# Dental care: roubles a month by band instead of norms.
DENTAL_RATES = """\
clinic;sex;from;to;rate;valid_from;valid_to
980101;both;0;17;41.20;2026-01-01;
980101;both;18;;28.65;2026-01-01;
980102;both;0;17;44.10;2026-01-01;
980102;both;18;;28.65;2026-01-01;
980103;both;0;17;41.20;2026-01-01;
980103;both;18;;27.90;2026-01-01;
980107;both;0;17;47.35;2026-01-01;
980107;both;18;;33.90;2026-01-01;
"""

# Money of the programme for a year: the lines inside the norm of gynaecology less those outside, 31 250.00.
MONEY = """\
line;sum;inside;care;valid_from;valid_to
1 Женские консультации;34750.00;1;gynaecology;2026-01-01;2027-01-01
2 в том числе неотложная помощь;1500.00;0;gynaecology;2026-01-01;2027-01-01
3 в том числе диспансеризация;2000.00;0;gynaecology;2026-01-01;2027-01-01
4 Скорая помощь;210000.00;1;ambulance;2026-01-01;2027-01-01
1 Женские консультации;30000.00;1;gynaecology;2025-01-01;2026-01-01
"""

# Feldsher points. Of 2026-11, in roubles: 1: 957 200 × 0.90 / 12; 2 and 3: 1 516 400 / 12, 900 residents belong to the second class;
# 4: 1 702 800 × 0.95 / 12; 5: 480 000 × 1.15 / 12; 6 has lost its licence and 7 opens on the 15th, so both get nothing;
# nobody is attached to the clinic of 8, so no insurer pays its 957 200 × 0.81 / 12, which is told.
POINTS = """\
point;clinic;name;residents;counted_on;posts;posts_filled;licensed_from;licensed_to;open_from;open_to;year_norm;region;access;specific
1;980107;ФАП села Ольховка;500;2026-01-01;;1.25;2020-03-01;;;;;;;
2;980107;ФАП деревни Берёзовка;1200;2026-01-01;;3;2020-03-01;;;;;;;
3;980107;ФАП села Озёрное;900;2026-01-01;;3;2020-03-01;;;;;;;
4;980121;ФАП посёлка Липки;1800;2026-01-01;;3.25;2020-03-01;;;;;;;
5;980121;ФАП хутора Дальнего;90;2026-01-01;1;1;2020-03-01;;;;480000.00;;1.15;
6;980107;ФАП деревни Старица;300;2026-01-01;;1.5;2020-03-01;2026-10-01;;;;;;
7;980121;ФАП деревни Новая;400;2026-01-01;;1.5;2026-10-01;;2026-11-15;;;;;
8;980105;ФАП деревни Выселки;300;2026-01-01;;1;2020-03-01;;;;;;;
"""

INDICATORS = """\
indicator;block;most_points;rule;better;target
1;adults;2;reached;more;80
2;adults;1;share;more;100
3;adults;1;growth;more;0.05
4;children;2;reached;more;95
5;children;1;growth;less;0.03
6;women;1;reached;less;0
"""

# Reached of all, and groups: 980101 3 of 4, III; 980102 1 of 2, III (0.7 × 2 is 1 when rounded); 980103 1 of 3, I; 980107 3 of 6, II.
RESULTS = """\
clinic;indicator;before;now
980101;1;76;82
980101;2;90;91
980101;3;100;106
980101;6;1;0
980102;4;94;96.5
980102;5;100;99
980103;1;79;81
980103;2;88;95
980103;3;100;102
980107;1;70;80
980107;2;85;100
980107;3;100;104.9
980107;4;93;
980107;5;100;96
980107;6;1;1
"""

MONTHS = """\
clinic;months
980107;10
"""

# In and out are 6 700.00 each: what one clinic gets, others pay.
SETTLEMENTS = """\
clinic;in;out;withheld;advance
980101;5000.00;1200.00;;9000.00
980102;;3000.00;;2500.00
980103;1200.00;2500.00;150.55;4000.00
980107;500.00;;75.10;100000.00
"""

# Deductions of October that the money of October did not cover. That of 980111 is more than its money again.
CARRIED = """\
clinic;sum
980103;300.00
980111;400.00
"""


def written():
    """Tables by their names."""
    return {
        "factors.csv": FACTORS, "stations.csv": STATIONS, "station_groups.csv": STATION_GROUPS, "station_k.csv": STATION_K,
        "station_factors.csv": STATION_FACTORS, "dental_rates.csv": DENTAL_RATES, "money.csv": MONEY, "points.csv": POINTS,
        "indicators.csv": INDICATORS, "results.csv": RESULTS, "months.csv": MONTHS, "settlements.csv": SETTLEMENTS,
        "carried.csv": CARRIED,
    }
