//! Summary of a comparison for people: one screen, in English or Russian.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::movement::{Balance, MovementOf, MovementPlace};
use super::{Diff, FindingChange, MoneyChange, MoneyParts, PeopleDiff};
use crate::text_table::{Column, render};
use sverka_rules::Language;
use sverka_text::{separate_thousands, with_thousands, wrapped};

/// Rows of a table that are shown; the files have all.
const ROWS_SHOWN: usize = 5;

impl Diff {
    /// Text for people, for a terminal of `width` columns.
    #[must_use]
    pub fn screen(&self, language: Language, width: usize) -> String {
        let words = Words { language };
        let mut blocks = vec![self.head(words, width)];
        if let Some(people) = &self.people {
            blocks.push(people_block(people, words, width));
            blocks.push(movement_block(people, MovementOf::Insurer, words, width));
            blocks.push(movement_block(people, MovementOf::Clinic, words, width));
        }
        blocks.push(money_block(&self.money, words, width));
        blocks.push(findings_block(&self.findings, words, width));
        blocks.push(self.missing_block(words, width));
        blocks.retain(|block| !block.is_empty());
        blocks.join("\n")
    }

    fn head(&self, words: Words, width: usize) -> String {
        let kind = if self.is_correction() {
            words.of("Correction of one day", "Исправление за один день")
        } else {
            words.of("Movement between two days", "Движение между двумя днями")
        };
        let line = format!("{kind}: {} → {}", self.old.run_id, self.new.run_id);
        wrapped(&line, width).join("\n") + "\n"
    }

    fn missing_block(&self, words: Words, width: usize) -> String {
        if self.not_compared.is_empty() {
            return String::new();
        }
        let mut text = words.of("Not compared", "Не сравнено").to_owned() + "\n";
        for missing in &self.not_compared {
            let sentence = match (words.language, missing.column) {
                (Language::English, _) => missing.to_string(),
                (Language::Russian, Some(column)) => {
                    format!("в прогоне {} нет столбца `{column}` таблицы `{}`", missing.run_id, missing.table)
                }
                (Language::Russian, None) => format!("прогон {} опубликован без `{}`", missing.run_id, missing.table),
            };
            for line in wrapped(&sentence, width.saturating_sub(2)) {
                let _ = writeln!(text, "  {line}");
            }
        }
        text
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

    /// Name of a kind of change.
    fn kind(self, kind: &str) -> &str {
        let (english, russian) = match kind {
            "insured" => ("insured now", "застрахованы"),
            "not_insured" => ("no longer insured", "больше не застрахованы"),
            "insurer" => ("other insurer", "другая СМО"),
            "attached" => ("attached now", "прикреплены"),
            "detached" => ("no longer attached", "откреплены"),
            "clinic" => ("other clinic", "другая МО"),
            "method" => ("method of attachment", "способ прикрепления"),
            "district" => ("district", "участок"),
            "doctor" => ("doctor", "врач"),
            "enp" => ("ENP", "ЕНП"),
            "snils" => ("SNILS", "СНИЛС"),
            "name" => ("name", "ФИО"),
            "category" => ("category", "категория"),
            _ => (kind, kind),
        };
        self.of(english, russian)
    }

    /// Name of a cause.
    fn cause(self, cause: &str) -> &str {
        let (english, russian) = match cause {
            "born" => ("born", "рождение"),
            "begun" => ("insurance begun", "страхование начато"),
            "known_late" => ("known late", "узнано позже"),
            "died" => ("died", "смерть"),
            "stopped" => ("stopped by notice", "прекращено извещением"),
            "insurer_left" => ("insurer left", "СМО ушла"),
            "ended" => ("ended", "закончено"),
            "merged" => ("merged with another person", "объединены с другим лицом"),
            "gone" => ("gone from the sources", "нет в источниках"),
            "succession" => ("succession", "правопреемство"),
            "changed" => ("choice", "выбор"),
            "residence" => ("by residence", "по территории"),
            "application" => ("by application", "по заявлению"),
            "no_method" => ("method not given", "способ не указан"),
            "record" => ("new record", "новая запись"),
            "" => ("cause not told", "причина неизвестна"),
            _ => (cause, cause),
        };
        self.of(english, russian)
    }

    fn more(self, rows: usize) -> String {
        match self.language {
            Language::English => format!("  and {rows} more\n"),
            Language::Russian => format!("  и ещё {rows}\n"),
        }
    }
}

fn text_column(name: &str) -> Column {
    Column { name: name.to_owned(), right: false, wraps: true }
}

fn number_column(name: &str) -> Column {
    Column { name: name.to_owned(), right: true, wraps: false }
}

fn count(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", with_thousands(number.unsigned_abs()))
}

fn roubles(kopecks: i128) -> String {
    let sign = if kopecks < 0 { "-" } else { "" };
    let digits = kopecks.unsigned_abs();
    format!("{sign}{}.{:02}", separate_thousands(&(digits / 100).to_string()), digits % 100)
}

fn people_block(people: &PeopleDiff, words: Words, width: usize) -> String {
    let insured = words.of("Insured", "Застраховано");
    let mut text = format!("{insured}: {} → {}\n", with_thousands(people.insured_before), with_thousands(people.insured_now));
    if people.changes.is_empty() {
        return text + words.of("  nobody has changed\n", "  никто не изменился\n");
    }
    let row = |(kind, causes): (&&str, &BTreeMap<&str, u64>)| {
        let cause = |(cause, number): (&&str, &u64)| format!("{} {}", words.cause(cause), with_thousands(*number));
        let causes_text: Vec<String> = causes.iter().map(cause).collect();
        vec![words.kind(kind).to_owned(), with_thousands(causes.values().sum()), causes_text.join(", ")]
    };
    let rows: Vec<Vec<String>> = people.changes.iter().map(row).collect();
    let columns = [
        text_column(words.of("change", "изменение")),
        number_column(words.of("people", "человек")),
        text_column(words.of("causes", "причины")),
    ];
    text += &render(&columns, &rows, Some(width));
    text
}

fn movement_block(people: &PeopleDiff, of: MovementOf, words: Words, width: usize) -> String {
    let balances = people.movement.balances(of);
    let moved = |balance: &Balance| balance.came_in_all() + balance.out_in_all();
    let mut places: Vec<(&MovementPlace, &Balance)> = balances.iter().filter(|(_, balance)| moved(balance) > 0).collect();
    if places.is_empty() {
        return String::new();
    }
    let all = places.len();
    places.sort_by_key(|(place, balance)| (-moved(balance), *place));
    places.truncate(ROWS_SHOWN);
    let row = |(place, balance): &(&MovementPlace, &Balance)| {
        let code = place.clinic.as_ref().or(place.insurer.as_ref()).cloned().unwrap_or_default();
        let numbers = [balance.before, balance.came_in_all(), balance.out_in_all(), balance.now].map(count);
        std::iter::once(code).chain(numbers).collect()
    };
    let rows: Vec<Vec<String>> = places.iter().map(row).collect();
    let name = if of == MovementOf::Insurer { words.of("insurer", "СМО") } else { words.of("clinic", "МО") };
    let mut columns = vec![text_column(name)];
    for (english, russian) in [("before", "было"), ("in", "прибыло"), ("out", "убыло"), ("now", "стало")] {
        columns.push(number_column(words.of(english, russian)));
    }
    let more = if all > rows.len() { words.more(all - rows.len()) } else { String::new() };
    render(&columns, &rows, Some(width)) + &more
}

fn money_block(money: &[MoneyChange], words: Words, width: usize) -> String {
    let mut cares: BTreeMap<&str, (i128, i128, MoneyParts)> = BTreeMap::new();
    // Rows of pairs add up, whether rows of whole clinics are there or not.
    for row in money.iter().filter(|row| row.insurer.is_some()) {
        let (before, now, parts) = cares.entry(&row.care).or_default();
        *before += row.before;
        *now += row.now;
        parts.add(&row.parts);
    }
    if cares.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = cares
        .iter()
        .flat_map(|(care, (before, now, parts))| {
            let line = |name: &str, kopecks: i128| vec![name.to_owned(), roubles(kopecks)];
            let parts = [
                ("  heads in", "  прибыло", parts.heads_in),
                ("  heads out", "  убыло", parts.heads_out),
                ("  age bands", "  половозрастной состав", parts.age_bands),
                ("  base norm", "  базовый норматив", parts.base_norm),
                ("  factors", "  коэффициенты", parts.factors),
                ("  correction", "  поправочный коэффициент", parts.correction),
                ("  rounding", "  округление", parts.rounding),
            ];
            let parts = parts.into_iter().filter(|(.., kopecks)| *kopecks != 0);
            let parts = parts.map(move |(english, russian, kopecks)| line(words.of(english, russian), kopecks));
            let whole = vec![(*care).to_owned(), format!("{} → {}", roubles(*before), roubles(*now))];
            std::iter::once(whole).chain(parts).collect::<Vec<_>>()
        })
        .collect();
    let columns = [text_column(words.of("money of a month", "деньги за месяц")), number_column(words.of("roubles", "рублей"))];
    render(&columns, &rows, Some(width))
}

fn findings_block(findings: &[FindingChange], words: Words, width: usize) -> String {
    let mut codes: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    for row in findings.iter().filter(|row| row.of == "source") {
        let counts = codes.entry(&row.code).or_default();
        for (sum, number) in counts.iter_mut().zip([row.added, row.gone, row.still]) {
            *sum += number.unwrap_or_default();
        }
    }
    let mut changed: Vec<_> = codes.into_iter().filter(|(_, counts)| counts[0] + counts[1] > 0).collect();
    if changed.is_empty() {
        return String::new();
    }
    let all = changed.len();
    changed.sort_by_key(|(code, counts)| (-counts[0] - counts[1], *code));
    changed.truncate(ROWS_SHOWN);
    let row = |(code, counts): &(&str, [i64; 3])| std::iter::once((*code).to_owned()).chain(counts.map(count)).collect();
    let rows: Vec<Vec<String>> = changed.iter().map(row).collect();
    let mut columns = vec![text_column(words.of("finding", "замечание"))];
    for (english, russian) in [("new", "новых"), ("gone", "ушло"), ("still", "осталось")] {
        columns.push(number_column(words.of(english, russian)));
    }
    let more = if all > rows.len() { words.more(all - rows.len()) } else { String::new() };
    render(&columns, &rows, Some(width)) + &more
}
