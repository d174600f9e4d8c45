//! Forms of an insurer and a clinic: the act of reconciliation and the annex to their contract. A file for each clinic, a sheet for each insurer.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figure::Figure;
use super::super::model::{Cell, Column, Form, HeadLine, Sheet, Table};
use super::super::run_tables::{BandRow, HeadsOf, Pair, PairRow, Precinct, PrecinctHeads, RunTables};
use super::super::russian::{ages, long_date, people_of_sex};
use super::super::{FormsError, FormsFilter};
use super::band_columns::BandColumns;
use super::{care_name, clinic_line, day_of_heads, head_line, insurer_line, row_number, source_note, tab_name, with_name};
use sverka_model::Date;

/// Set of bands of the annex to the contract of insurer and clinic.
const CONTRACT_BANDS: &str = "contract";

/// Acts of reconciliation: heads and money by band, and by unit and precinct.
pub(in crate::forms) fn reconciliation(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let pairs = tables.pairs()?;
    let bands = bands_by_pair(tables.bands()?);
    let precincts = tables.precincts()?.unwrap_or_default();
    let with_precincts = cares_of_precincts(tables, &pairs, &precincts);
    let mut forms: BTreeMap<&str, SheetsOfClinic> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| filter.takes_clinic(&pair.clinic) && filter.takes_insurer(&pair.insurer)) {
        let of_pair = bands.get(&(pair.care.as_str().to_owned(), key(pair))).map_or(&[][..], Vec::as_slice);
        let of_precincts = with_precincts.contains(pair.care.as_str()).then(|| precincts.get(&key(pair))).flatten();
        let sheets = forms.entry(&pair.clinic).or_default();
        let name = tab_name(&format!("{} {}", pair.insurer, pair.care), &mut sheets.names);
        sheets.sheets.push(act(tables, pair, of_pair, of_precincts, name));
    }
    Ok(forms_of_clinics(tables, "reconciliation", forms))
}

/// Sheets of a clinic with the names that they have.
#[derive(Default)]
struct SheetsOfClinic {
    sheets: Vec<Sheet>,
    names: BTreeSet<String>,
}

fn forms_of_clinics(tables: &RunTables<'_>, folder: &str, forms: BTreeMap<&str, SheetsOfClinic>) -> Vec<Form> {
    let form = |(clinic, of_clinic): (&str, SheetsOfClinic)| Form {
        file: format!("{folder}/{clinic}"),
        as_of: tables.as_of,
        sheets: of_clinic.sheets,
    };
    forms.into_iter().map(form).collect()
}

fn key(pair: &PairRow) -> Pair {
    Pair { insurer: pair.insurer.clone(), clinic: pair.clinic.clone() }
}

fn bands_by_pair(rows: Vec<BandRow>) -> BTreeMap<(String, Pair), Vec<BandRow>> {
    let mut by_pair: BTreeMap<(String, Pair), Vec<BandRow>> = BTreeMap::new();
    for row in rows {
        let pair = Pair { insurer: row.insurer.clone(), clinic: row.clinic.clone() };
        by_pair.entry((row.care.clone(), pair)).or_default().push(row);
    }
    by_pair.values_mut().for_each(|rows| rows.sort_by(|one, other| one.band.cmp(&other.band)));
    by_pair
}

/// Cares whose paid heads are the people that `persons` has at the clinics: those of the as-of date and of the profile of the register.
fn cares_of_precincts<'p>(tables: &RunTables<'_>, pairs: &'p [PairRow], precincts: &PrecinctHeads) -> BTreeSet<&'p str> {
    let people = |pair: &PairRow| precincts.get(&key(pair)).map_or(0, |precincts| precincts.values().sum());
    let is_counted = |pair: &PairRow| pair.day == Some(tables.as_of) && pair.heads == Figure::whole(people(pair));
    let cares: BTreeSet<&str> = pairs.iter().map(|pair| pair.care.as_str()).collect();
    cares.into_iter().filter(|care| pairs.iter().filter(|pair| pair.care == *care).all(is_counted)).collect()
}

fn act(
    tables: &RunTables<'_>,
    pair: &PairRow,
    bands: &[BandRow],
    precincts: Option<&BTreeMap<Precinct, i64>>,
    name: String,
) -> Sheet {
    let mut notes = vec![source_note(tables)];
    let mut act_tables = vec![bands_table(bands)];
    if bands.iter().any(|band| band.amount.is_none()) {
        notes.insert(0, "Сумма округляется по паре организаций в целом, поэтому по группам она не указана.".to_owned());
    }
    if let Some(precincts) = precincts {
        act_tables.push(precincts_table(tables, pair, bands, precincts));
    }
    Sheet {
        name,
        is_landscape: false,
        title: vec!["АКТ СВЕРКИ ЧИСЛЕННОСТИ".to_owned(), people_of_day(pair.day)],
        head: vec![
            clinic_line(tables.organisations, &pair.clinic),
            insurer_line(tables.organisations, &pair.insurer),
            head_line("Вид помощи", care_name(&pair.care)),
            head_line("Численность к оплате, человек", pair.heads.printed()),
            head_line("Подушевой норматив медицинской организации на месяц, руб.", pair.norm.printed()),
            head_line("Сумма на месяц, руб.", pair.amount.printed()),
        ],
        tables: act_tables,
        notes,
        signatures: signatures(),
    }
}

fn signatures() -> Vec<String> {
    vec!["Страховая медицинская организация".to_owned(), "Медицинская организация".to_owned()]
}

/// Columns of an act: two texts, heads, norm and sum.
fn act_columns(texts: [&str; 2], is_summed: bool) -> Vec<Column> {
    let sum = Column::new("Сумма, руб.", 16);
    vec![
        Column::new("№", 5),
        Column::new(texts[0], 34),
        Column::new(texts[1], 16),
        Column::new("Численность, человек", 13).summed(),
        Column::new("Норматив на месяц, руб.", 13),
        if is_summed { sum.summed() } else { sum },
    ]
}

fn bands_table(bands: &[BandRow]) -> Table {
    let row = |(index, band): (usize, &BandRow)| {
        vec![
            row_number(index),
            Cell::text(people_of_sex(band.band.sex)),
            Cell::text(ages(&band.band.label)),
            Cell::Number(band.heads),
            Cell::Number(band.norm),
            band.amount.map_or(Cell::Empty, Cell::Number),
        ]
    };
    let is_summed = bands.iter().all(|band| band.amount.is_some());
    let columns = act_columns(["Пол", "Возраст, лет"], is_summed);
    Table::new("1. По полу и возрасту", columns, bands.iter().enumerate().map(row).collect(), Some("Итого"))
}

/// Heads by unit and precinct, with sums where everybody has one norm.
fn precincts_table(tables: &RunTables<'_>, pair: &PairRow, bands: &[BandRow], precincts: &BTreeMap<Precinct, i64>) -> Table {
    let has_one_norm = bands.iter().all(|band| band.norm == pair.norm && band.amount.is_some());
    let row = |(index, (precinct, heads)): (usize, (&Precinct, &i64))| {
        let heads = Figure::whole(*heads);
        let sum = Cell::Number(pair.norm.times(heads).rescaled(2));
        vec![
            row_number(index),
            Cell::text(with_name(&precinct.unit, tables.organisations.clinic(&precinct.unit))),
            if precinct.district.is_empty() { Cell::text("не указан") } else { Cell::code(precinct.district.clone()) },
            Cell::Number(heads),
            if has_one_norm { Cell::Number(pair.norm) } else { Cell::Empty },
            if has_one_norm { sum } else { Cell::Empty },
        ]
    };
    let columns = act_columns(["Подразделение", "Участок"], has_one_norm);
    Table::new("2. По подразделениям и участкам", columns, precincts.iter().enumerate().map(row).collect(), Some("Итого"))
}

/// Annexes to the contracts of insurers and clinics: people of the insurer who chose the clinic, in the bands of the set `contract`.
pub(in crate::forms) fn contract_annex(tables: &RunTables<'_>, filter: &FormsFilter) -> Result<Vec<Form>, FormsError> {
    let mut rows = tables.attached()?;
    rows.retain(|row| row.count.set == CONTRACT_BANDS);
    if rows.is_empty() {
        return Err(FormsError::NoBandSet { form: tables.form, set: CONTRACT_BANDS });
    }
    let columns = BandColumns::new(rows.iter().map(|row| &row.band));
    let mut heads: BTreeMap<&str, BTreeMap<(&str, &HeadsOf), BTreeMap<_, Figure>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| filter.takes_clinic(&row.clinic) && filter.takes_insurer(&row.insurer)) {
        let of_sheet = heads.entry(&row.clinic).or_default().entry((row.insurer.as_str(), &row.count)).or_default();
        super::band_columns::add(of_sheet, &row.band, Figure::whole(row.heads));
    }
    let mut forms: BTreeMap<&str, SheetsOfClinic> = BTreeMap::new();
    for (clinic, of_clinic) in heads {
        let sheets = forms.entry(clinic).or_default();
        for ((insurer, count), figures) in of_clinic {
            let name = tab_name(&format!("{insurer} {} {}", count.profile, count.day), &mut sheets.names);
            let row = |(index, band): (usize, &super::super::run_tables::Band)| {
                let heads = figures.get(band).copied().unwrap_or_default();
                vec![row_number(index), Cell::text(people_of_sex(band.sex)), Cell::text(ages(&band.label)), Cell::Number(heads)]
            };
            let rows = columns.bands.iter().enumerate().map(row).collect();
            sheets.sheets.push(annex(
                tables,
                name,
                [clinic_line(tables.organisations, clinic), insurer_line(tables.organisations, insurer)],
                count,
                rows,
            ));
        }
    }
    Ok(forms_of_clinics(tables, "contract_annex", forms))
}

fn annex(tables: &RunTables<'_>, name: String, parties: [HeadLine; 2], count: &HeadsOf, rows: Vec<Vec<Cell>>) -> Sheet {
    let columns = vec![
        Column::new("№", 6),
        Column::new("Пол", 18),
        Column::new("Возраст, лет", 20),
        Column::new("Численность, человек", 42).summed(),
    ];
    let mut head = Vec::from(parties);
    head.push(head_line("Профиль прикрепления", count.profile.to_string()));
    Sheet {
        name,
        is_landscape: false,
        title: vec![
            "ПРИЛОЖЕНИЕ К ДОГОВОРУ".to_owned(),
            "на оказание и оплату медицинской помощи по обязательному медицинскому страхованию".to_owned(),
            format!("Численность застрахованных лиц, выбравших медицинскую организацию, на {}", long_date(count.day)),
        ],
        head,
        tables: vec![Table::new("", columns, rows, Some("Итого"))],
        notes: vec![source_note(tables)],
        signatures: signatures(),
    }
}

/// Line of the title: whose number the act is about.
fn people_of_day(day: Option<Date>) -> String {
    match day {
        Some(_) => format!("прикреплённых застрахованных лиц {}", day_of_heads(day)),
        None => "прикреплённых застрахованных лиц, в среднем за несколько дней".to_owned(),
    }
}
