//! Summary of corrections for people: one screen, in English or Russian.

use std::collections::BTreeMap;

use super::{CorrectionFigures, CorrectionNorms, Corrections};
use crate::text_table::{Column, render};
use sverka_publish::{Booking, SumKey};
use sverka_rules::Language;
use sverka_text::{separate_thousands, wrapped};

/// Organisations that are shown; the files have all.
const ROWS_SHOWN: usize = 8;

impl Corrections {
    /// Text for people, for a terminal of `width` columns. `booked` is the booking that was just made.
    #[must_use]
    pub fn screen(&self, language: Language, width: usize, booked: Option<&Booking>) -> String {
        let words = Words { language };
        let sums = self.sums();
        let mut blocks = vec![self.head(words, width), parts_block(&sums, words, width)];
        for of in ["clinic", "insurer"] {
            blocks.push(organisations_block(&sums, of, words, width));
        }
        blocks.push(self.end(words, booked));
        blocks.retain(|block| !block.is_empty());
        blocks.join("\n")
    }

    fn head(&self, words: Words, width: usize) -> String {
        let (closed, run) = (&self.closed, &self.manifest.run_id);
        let lines = match words.language {
            Language::English => [
                format!(
                    "Corrections of {}: closed by run {} ({}, {})",
                    closed.month, closed.run_id, closed.closed_by, closed.closed_at
                ),
                format!("Now: run {run}; earlier bookings: {}", self.bookings.len()),
            ],
            Language::Russian => [
                format!(
                    "Корректировка за {}: закрыт прогоном {} ({}, {})",
                    closed.month, closed.run_id, closed.closed_by, closed.closed_at
                ),
                format!("Уточнено прогоном {run}; учтено корректировок ранее: {}", self.bookings.len()),
            ],
        };
        let mut lines: Vec<String> = lines.iter().flat_map(|line| wrapped(line, width)).collect();
        if self.norms == CorrectionNorms::Paid {
            lines.push(
                words
                    .of("Changed heads at the norms that were paid", "Изменение численности по оплаченным нормативам")
                    .to_owned(),
            );
        }
        for table in &self.not_compared {
            lines.push(format!(
                "{} `{table}`",
                words.of("Not compared, because the closed run lacks it:", "Не сравнено, нет в закрытом прогоне:")
            ));
        }
        lines.join("\n") + "\n"
    }

    fn end(&self, words: Words, booked: Option<&Booking>) -> String {
        let is_nothing = self.rows.values().all(|row| row.to_book().is_nothing());
        match (booked, words.language) {
            (Some(booking), Language::English) => format!("Booked as no. {}\n", booking.number),
            (Some(booking), Language::Russian) => format!("Учтено под № {}\n", booking.number),
            (None, _) if is_nothing => words
                .of(
                    "Nothing to book: what is paid and booked is what is known now\n",
                    "Учитывать нечего: оплаченное и учтённое совпадает с уточнённым\n",
                )
                .to_owned(),
            (None, Language::English) => "Not booked; --book records it\n".to_owned(),
            (None, Language::Russian) => "Не учтено; --book запишет\n".to_owned(),
        }
    }
}

/// Choice between the texts of two languages.
#[derive(Clone, Copy)]
struct Words {
    language: Language,
}

impl Words {
    fn of<'t>(self, english: &'t str, russian: &'t str) -> &'t str {
        match self.language {
            Language::English => english,
            Language::Russian => russian,
        }
    }

    /// Name of a part of the month.
    fn part(self, key: &SumKey) -> String {
        let (english, russian) = match key.part.as_str() {
            "attached" => ("attached people, profile", "прикреплено, профиль"),
            "insured" => ("insured people", "застраховано"),
            "care" => ("care", "помощь"),
            "points" => ("feldsher points", "фельдшерские пункты"),
            "results" => ("results", "результаты"),
            "in" => ("treated here", "лечено чужих"),
            "out" => ("treated elsewhere", "лечено своих вне"),
            "carried_in" => ("carried over from before", "перенесено с прошлых месяцев"),
            "advance" => ("advance", "аванс"),
            "withheld" => ("withheld", "удержано"),
            "uncovered" => ("not covered", "не покрыто"),
            "uncovered_advance" => ("not covered: advance", "не покрыто: аванс"),
            "uncovered_withheld" => ("not covered: withheld", "не покрыто: удержано"),
            "carried_out" => ("carried over", "перенесено дальше"),
            "to_pay" => ("to pay", "к перечислению"),
            "insurer_money" => ("money of insurers", "средства СМО"),
            "running_costs" => ("running costs", "ведение дела СМО"),
            other => (other, other),
        };
        let detail = key.care.clone().or_else(|| key.profile.map(|profile| profile.to_string()));
        [Some(self.of(english, russian).to_owned()), detail].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fn number_columns(first: &str, words: Words) -> Vec<Column> {
    let number = |name: &str| Column { name: name.to_owned(), right: true, wraps: false };
    let mut columns = vec![Column { name: first.to_owned(), right: false, wraps: true }];
    for (english, russian) in [("closed", "закрыто"), ("booked", "учтено"), ("now", "уточнено"), ("to book", "к учёту")]
    {
        columns.push(number(words.of(english, russian)));
    }
    columns
}

/// Decimal number with thousands apart, without zeros behind a whole number of heads.
fn shown(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = if fraction.len() > 2 { fraction.trim_end_matches('0') } else { fraction };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", separate_thousands(whole))
}

fn line(name: String, row: &CorrectionFigures, text: fn(sverka_publish::Figures) -> String) -> Vec<String> {
    let figures = [row.closed, row.booked, row.now, row.to_book()];
    std::iter::once(name).chain(figures.map(|figures| shown(&text(figures)))).collect()
}

/// Heads and money over everything: those of cares, the sum to pay, and whatever differs.
fn parts_block(sums: &BTreeMap<SumKey, CorrectionFigures>, words: Words, width: usize) -> String {
    let mut rows = Vec::new();
    let is_shown = |key: &SumKey, row: &CorrectionFigures| {
        key.part == "care" || key.part == "to_pay" || !row.to_book().is_nothing() || !row.booked.is_nothing()
    };
    for (key, row) in sums.iter().filter(|(key, row)| key.of == "all" && is_shown(key, row)) {
        let figures = [row.closed, row.booked, row.now];
        let name = words.part(key);
        if figures.iter().any(|figures| figures.heads != 0) {
            rows.push(line(format!("{name}, {}", words.of("heads", "человек")), row, |figures| figures.heads_as_text()));
        }
        if figures.iter().any(|figures| figures.funded_heads != 0) {
            rows.push(line(format!("{name}, {}", words.of("funded", "к оплате")), row, |figures| {
                figures.funded_heads_as_text()
            }));
        }
        if figures.iter().any(|figures| figures.amount != 0) {
            rows.push(line(format!("{name}, {}", words.of("roubles", "руб.")), row, |figures| figures.amount_as_text()));
        }
    }
    render(&number_columns(words.of("the whole month", "весь месяц"), words), &rows, Some(width))
}

/// Money of the organisations that have something to book, the largest difference first.
fn organisations_block(sums: &BTreeMap<SumKey, CorrectionFigures>, of: &str, words: Words, width: usize) -> String {
    let mut money: BTreeMap<&str, CorrectionFigures> = BTreeMap::new();
    for (key, row) in sums.iter().filter(|(key, _)| key.of == of && ["care", "points", "results"].contains(&key.part.as_str())) {
        let sum = money.entry(key.code.as_deref().unwrap_or_default()).or_default();
        *sum = CorrectionFigures {
            closed: sum.closed.plus(row.closed),
            booked: sum.booked.plus(row.booked),
            now: sum.now.plus(row.now),
        };
    }
    let mut changed: Vec<_> = money.into_iter().filter(|(_, row)| row.to_book().amount != 0).collect();
    let all = changed.len();
    changed.sort_by_key(|(code, row)| (-row.to_book().amount.abs(), *code));
    changed.truncate(ROWS_SHOWN);
    if changed.is_empty() {
        return String::new();
    }
    let name = if of == "clinic" {
        words.of("clinic, roubles", "МО, руб.")
    } else {
        words.of("insurer, roubles", "СМО, руб.")
    };
    let rows: Vec<Vec<String>> =
        changed.iter().map(|(code, row)| line((*code).to_owned(), row, |figures| figures.amount_as_text())).collect();
    let more = match (all - rows.len(), words.language) {
        (0, _) => String::new(),
        (more, Language::English) => format!("  and {more} more\n"),
        (more, Language::Russian) => format!("  и ещё {more}\n"),
    };
    render(&number_columns(name, words), &rows, Some(width)) + &more
}
