//! Sheet of an insurer: insured people by band on each count day, and the money of its people by care and clinic.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figure::Figure;
use super::super::model::{Cell, Column, Form, Sheet, Table};
use super::super::run_tables::{Band, HeadsRow, PairRow, RunTables};
use super::super::russian::{ages, numeric_date, people_of_sex};
use super::super::{FormsError, FormsFilter};
use super::band_columns::BandColumns;
use super::{FUND, care_name, day_of_heads, head_line, insurer_line, row_number, source_note, tab_name};
use sverka_model::Date;

/// Sheets of insurers, a file for each.
pub(in crate::forms) fn insurer_sheet(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let (insured, pairs) = (tables.insured()?, tables.pairs()?);
    let of_insured = insured.iter().map(|row| row.insurer.as_str());
    let insurers: BTreeSet<&str> = of_insured.chain(pairs.iter().map(|pair| pair.insurer.as_str())).collect();
    let form = |insurer: &str| Form {
        file: format!("insurer_sheet/{insurer}"),
        as_of: tables.as_of,
        sheets: InsurerRows {
            insurer,
            insured: insured.iter().filter(|row| row.insurer == insurer).collect(),
            pairs: pairs.iter().filter(|pair| pair.insurer == insurer).collect(),
            all_bands: &insured,
        }
        .sheets(tables),
    };
    Ok(insurers.into_iter().filter(|insurer| filter.takes_insurer(insurer)).map(form).collect())
}

/// Rows of one insurer.
struct InsurerRows<'t> {
    insurer: &'t str,
    insured: Vec<&'t HeadsRow>,
    pairs: Vec<&'t PairRow>,
    /// Rows of all insurers, for the bands in which this one has nobody.
    all_bands: &'t [HeadsRow],
}

impl InsurerRows<'_> {
    fn sheets(&self, tables: &RunTables<'_>) -> Vec<Sheet> {
        let mut names = BTreeSet::new();
        let mut sheets = vec![self.summary(tables, tab_name("Средства", &mut names))];
        let sets: BTreeSet<&str> = self.insured.iter().map(|row| row.count.set.as_str()).collect();
        for set in sets {
            sheets.push(self.insured_sheet(tables, set, tab_name(&format!("Застрахованные {set}"), &mut names)));
        }
        let cares: BTreeSet<&str> = self.pairs.iter().map(|pair| pair.care.as_str()).collect();
        for care in cares {
            sheets.push(self.clinics_sheet(tables, care, tab_name(care, &mut names)));
        }
        sheets
    }

    fn sheet(&self, tables: &RunTables<'_>, name: String, title: &str, table: Table) -> Sheet {
        Sheet {
            name,
            is_landscape: false,
            title: vec![title.to_owned()],
            head: vec![insurer_line(tables.organisations, self.insurer)],
            tables: vec![table],
            notes: vec![source_note(tables)],
            signatures: vec![FUND.to_owned(), "Страховая медицинская организация".to_owned()],
        }
    }

    fn summary(&self, tables: &RunTables<'_>, name: String) -> Sheet {
        let mut cares: BTreeMap<&str, CareSum> = BTreeMap::new();
        for pair in &self.pairs {
            let sum = cares.entry(&pair.care).or_default();
            sum.day = pair.day;
            sum.clinics += 1;
            sum.heads = sum.heads.plus(pair.heads);
            sum.amount = sum.amount.plus(pair.amount);
        }
        let row = |(index, (care, sum)): (usize, (&&str, &CareSum))| {
            let count = Cell::Number(Figure::whole(sum.clinics));
            vec![
                row_number(index),
                Cell::text(care_name(care)),
                Cell::text(day_of_heads(sum.day)),
                count,
                Cell::Number(sum.heads),
                Cell::Number(sum.amount),
            ]
        };
        let columns = vec![
            Column::new("№", 5),
            Column::new("Вид помощи", 34),
            Column::new("Численность", 24),
            Column::new("Медицинских организаций", 14),
            Column::new("К оплате, человек", 12),
            Column::new("Сумма на месяц, руб.", 16).summed(),
        ];
        let table = Table::new("", columns, cares.iter().enumerate().map(row).collect(), Some("Итого"));
        let mut sheet = self.sheet(tables, name, "СРЕДСТВА на оплату медицинской помощи по подушевому нормативу на месяц", table);
        if self.insured.is_empty() {
            let told =
                "Численность застрахованных по группам не приведена: тариф не называет наборов возрастных групп ([[band_sets]]).";
            sheet.notes.insert(0, told.to_owned());
        }
        sheet
    }

    fn insured_sheet(&self, tables: &RunTables<'_>, set: &str, name: String) -> Sheet {
        let is_of_set = |row: &&HeadsRow| row.count.set == set;
        let bands = BandColumns::new(self.all_bands.iter().filter(is_of_set).map(|row| &row.band)).bands;
        let rows: Vec<&&HeadsRow> = self.insured.iter().filter(|row| row.count.set == set).collect();
        let days: BTreeSet<Date> = rows.iter().map(|row| row.count.day).collect();
        let heads = |band: &Band, day: Date| -> i64 {
            rows.iter().filter(|row| row.band == *band && row.count.day == day).map(|row| row.heads).sum()
        };
        let row = |(index, band): (usize, &Band)| {
            let mut cells = vec![row_number(index), Cell::text(people_of_sex(band.sex)), Cell::text(ages(&band.label))];
            let counts: Vec<i64> = days.iter().map(|day| heads(band, *day)).collect();
            cells.extend(counts.iter().map(|count| Cell::Number(Figure::whole(*count))));
            if counts.len() > 1 {
                cells.push(Cell::Number(Figure::mean(&counts)));
            }
            cells
        };
        let mut columns = vec![Column::new("№", 5), Column::new("Пол", 22), Column::new("Возраст, лет", 22)];
        columns.extend(
            days.iter()
                .map(|day| Column::new(&format!("на {}", numeric_date(*day)), 14).below(&["Застраховано, человек"]).summed()),
        );
        if days.len() > 1 {
            columns.push(Column::new("в среднем", 14).below(&["Застраховано, человек"]).summed());
        }
        let table = Table::new("", columns, bands.iter().enumerate().map(row).collect(), Some("Итого"));
        let mut sheet = self.sheet(tables, name, "ЧИСЛЕННОСТЬ застрахованных лиц", table);
        sheet.head.push(head_line("Набор возрастных групп", set));
        sheet
    }

    fn clinics_sheet(&self, tables: &RunTables<'_>, care: &str, name: String) -> Sheet {
        let pairs: Vec<&&PairRow> = self.pairs.iter().filter(|pair| pair.care == care).collect();
        let row = |(index, pair): (usize, &&&PairRow)| {
            vec![
                row_number(index),
                Cell::code(&*pair.clinic),
                Cell::text(tables.organisations.clinic(&pair.clinic)),
                Cell::Number(pair.heads),
                Cell::Number(pair.norm),
                Cell::Number(pair.amount),
            ]
        };
        let columns = vec![
            Column::new("№", 5),
            Column::new("Код", 10),
            Column::new("Медицинская организация", 44),
            Column::new("К оплате, человек", 13).summed(),
            Column::new("Норматив на месяц, руб.", 13),
            Column::new("Сумма на месяц, руб.", 17).summed(),
        ];
        let table = Table::new("", columns, pairs.iter().enumerate().map(row).collect(), Some("Итого"));
        let mut sheet = self.sheet(tables, name, "СРЕДСТВА на оплату медицинской помощи по медицинским организациям", table);
        sheet.head.push(head_line("Вид помощи", care_name(care)));
        sheet.head.push(head_line("Численность", day_of_heads(pairs.first().and_then(|pair| pair.day))));
        sheet
    }
}

/// Sums of an insurer for a care.
#[derive(Default)]
struct CareSum {
    day: Option<Date>,
    clinics: i64,
    heads: Figure,
    amount: Figure,
}
