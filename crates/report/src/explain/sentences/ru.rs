//! Sentences in Russian. All sentences of a language stand in this one file, so that they can be read and corrected together.

use super::{
    DecisionContext, Difference, Label, RecordOutcome, Section, Sentences, last_day, localised, message, record_numbers,
};
use crate::explain::death::{AgreeingRecords, DeathNote, DeathVerdict, ReportedDeath};
use crate::explain::decided_by_people::Days;
use crate::explain::explanation::{
    Day, DecisionSide, ExplainedDecision, ExplainedFinding, ExplainedOverride, ExplainedStay, Money, Settings, StillAttached,
    Subject, WithoutInsurer,
};
use crate::explain::text::in_brackets;
use sverka_model::Date;
use sverka_rules::Language;
use sverka_text::separate_thousands;

pub(super) struct Russian;

fn profile_name(profile: Option<i64>) -> &'static str {
    match profile {
        Some(1) | None => "терапия",
        Some(2) => "гинекология",
        Some(3) => "стоматология",
        Some(4) => "скорая помощь",
        _ => "ФАП",
    }
}

/// Last day of the year for applications, such as `1 ноября`.
fn deadline(settings: &Settings) -> String {
    const MONTHS: [&str; 12] =
        ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];
    let Some((month, day)) = settings.insurer_deadline.split_once('-') else { return settings.insurer_deadline.clone() };
    let name = month.parse().ok().and_then(|month: usize| MONTHS.get(month.wrapping_sub(1)));
    name.map_or_else(|| settings.insurer_deadline.clone(), |name| format!("{} {name}", day.trim_start_matches('0')))
}

/// Roubles in Russian notation. The blanks between thousands do not break lines.
fn roubles(amount: &str) -> String {
    separate_thousands(amount).replace(',', "\u{a0}").replace('.', ",")
}

fn times(often: i64) -> String {
    match often {
        1 => "один раз".to_owned(),
        2..=4 => format!("{often} раза"),
        often => format!("{often} раз"),
    }
}

/// Word for a stay of a subject.
fn stay(subject: Subject) -> &'static str {
    if subject == Subject::Insurer { "страхование" } else { "прикрепление" }
}

impl Russian {
    /// Interval with its last day.
    fn days(&self, Days { from, to }: Days) -> String {
        let to = to.map_or_else(String::new, |to| format!(" по {}", self.date(last_day(to))));
        format!("с {}{to}", self.date(from))
    }

    fn dated_file(&self, source_date: Option<&str>) -> String {
        source_date.map_or_else(|| "файл без даты".to_owned(), |day| format!("файл от {}", localised(self, day)))
    }

    /// Records that agree about a death, with the date of their file.
    fn agreeing_records(&self, records: &AgreeingRecords) -> String {
        format!("{} ({})", record_numbers(&records.numbers), self.dated_file(records.source_date.as_deref()))
    }

    /// Insurer or clinic of a decision of people, with the days.
    fn decided_stay(&self, entry: &ExplainedOverride) -> String {
        let Some(code) = &entry.code else { return String::new() };
        let interval = |from: Day| self.days(Days { from: from.0, to: entry.to.map(|to| to.0) });
        let days = entry.from.map_or_else(String::new, |from| format!(" {}", interval(from)));
        let profile = entry.profile.filter(|profile| *profile != 1);
        let profile = profile.map_or_else(String::new, |profile| format!(" ({})", profile_name(Some(profile))));
        format!(
            "{profile} — {}{}{days}",
            self.organisation(Subject::from_word(&entry.kind), code),
            in_brackets(entry.name.as_deref())
        )
    }

    /// Deaths that do not count; empty without any.
    fn deaths_set_aside(&self, deaths: &[ReportedDeath]) -> String {
        let death = |death: &ReportedDeath| format!("{} в [{}]", self.date(death.day), death.record);
        let deaths: Vec<String> = deaths.iter().map(death).collect();
        if deaths.is_empty() { String::new() } else { format!("; не учтена смерть {}", deaths.join(", ")) }
    }

    fn applied(&self, side: &DecisionSide) -> String {
        match (side.applied_on, side.from) {
            (Some(applied), Some(from)) if applied == from => {
                format!("{} (первый день записи)", self.date(applied.0))
            }
            (Some(applied), _) => self.date(applied.0),
            (None, _) => "неизвестного дня".to_owned(),
        }
    }

    fn file(&self, side: &DecisionSide) -> String {
        side.source_date
            .as_deref()
            .map_or_else(|| "в файле без даты".to_owned(), |day| format!("в файле от {}", localised(self, day)))
    }

    fn year(&self, day: Option<Date>) -> String {
        day.map_or_else(String::new, |day| day.ymd().0.to_string())
    }

    fn same_day(&self, decision: &ExplainedDecision, is_taken_back: bool) -> String {
        let stands = if is_taken_back { "По правилам действовало бы" } else { "Действует" };
        let (loser, winner) = (&decision.loser, &decision.winner);
        let day = self.date(decision.start.0);
        let (losing, winning) =
            (self.organisation(decision.subject, &loser.code), self.organisation(decision.subject, &winner.code));
        if decision.subject == Subject::Insurer && loser.applied_on != winner.applied_on {
            return format!(
                "обе записи начинаются {day}, а страховая организация может быть только одна. {stands} более позднее заявление: в {winning} — от {}, \
                в {losing} — от {}.",
                self.applied(winner),
                self.applied(loser)
            );
        }
        if decision.subject == Subject::Clinic && loser.method.unwrap_or(1) != winner.method.unwrap_or(1) {
            return format!(
                "обе записи начинаются {day}, а медицинская организация может быть только одна. {stands} прикрепление более сильным способом: \
                в {winning} — {}, в {losing} — {}.",
                self.method(winner.method),
                self.method(loser.method)
            );
        }
        let equal = if decision.subject == Subject::Insurer {
            format!("с одной датой заявления: {}", self.applied(winner))
        } else {
            "с равным по силе способом прикрепления".to_owned()
        };
        format!(
            "обе записи начинаются {day}, {equal}. {stands} то, что указано в более новом файле: запись {winning} — {}, запись {losing} — {}.",
            self.file(winner),
            self.file(loser)
        )
    }

    fn tie(&self, decision: &ExplainedDecision, is_taken_back: bool) -> String {
        let stands = if is_taken_back {
            "По правилам стоял бы"
        } else {
            "Пока одна из организаций не исправит свою запись, стоит"
        };
        let equal = if decision.subject == Subject::Insurer {
            format!("дата заявления, {},", self.applied(&decision.winner))
        } else {
            format!("способ прикрепления, {},", self.method(decision.winner.method))
        };
        format!(
            "обе записи начинаются {}; {equal} и дата файла, {}, одинаковы, поэтому нельзя сказать, какая из них верна. {stands} \
            меньший код — {}.",
            self.date(decision.start.0),
            decision.winner.source_date.as_deref().map_or_else(|| "нет".to_owned(), |day| localised(self, day)),
            decision.winner.code
        )
    }

    fn at_will(&self, decision: &ExplainedDecision, settings: &Settings, tolerated: Option<&str>) -> String {
        let winner = &decision.winner;
        if let Some(code) = tolerated {
            return format!("переход нарушил правило {code}, но настройки задания такие переходы пропускают и только отмечают.");
        }
        if decision.subject == Subject::Insurer {
            return format!(
                "человек перешёл по собственному выбору. Заявление в {} — от {}: не позднее {} своего года, и право на замену ({} в год) в {} году \
                ещё не было использовано.",
                self.organisation(Subject::Insurer, &winner.code),
                self.applied(winner),
                deadline(settings),
                times(settings.insurer_changes_per_year),
                self.year(winner.applied_on.map(|day| day.0))
            );
        }
        let period = if settings.clinic_rolling {
            "за предыдущие двенадцать месяцев".to_owned()
        } else {
            format!("в {} году", self.year(Some(decision.start.0)))
        };
        format!(
            "{} выбрана по заявлению, и право выбрать другую медицинскую организацию ({} в год) {period} ещё не было использовано.",
            self.organisation(Subject::Clinic, &winner.code),
            times(settings.clinic_changes_per_year)
        )
    }

    fn limit(&self, decision: &ExplainedDecision, settings: &Settings) -> String {
        let (what, often) = if decision.subject == Subject::Insurer {
            ("страховую организацию", settings.insurer_changes_per_year)
        } else {
            ("медицинскую организацию", settings.clinic_changes_per_year)
        };
        let period = if decision.subject == Subject::Clinic && settings.clinic_rolling {
            "за двенадцать месяцев"
        } else {
            "в календарном году"
        };
        let Some(counted) = decision.counted_on else {
            return format!("по настройкам этого задания менять {what} по своему выбору нельзя.");
        };
        let (used, this) = if decision.subject == Subject::Insurer {
            (
                format!("переходом по заявлению от {}", self.date(counted.0)),
                format!(
                    "заявление в {} — от {}",
                    self.organisation(Subject::Insurer, &decision.loser.code),
                    self.applied(&decision.loser)
                ),
            )
        } else {
            (format!("переходом {}", self.date(counted.0)), format!("этот переход был бы {}", self.date(decision.start.0)))
        };
        format!("менять {what} по своему выбору можно {} {period}. Это право уже использовано {used}; {this}.", times(often))
    }
}

impl Sentences for Russian {
    fn date(&self, day: Date) -> String {
        let (year, month, day) = day.ymd();
        format!("{day:02}.{month:02}.{year:04}")
    }

    fn section(&self, section: Section) -> &'static str {
        match section {
            Section::Who => "КТО ЭТО",
            Section::Records => "ЗАПИСИ",
            Section::Timeline => "ПО ВРЕМЕНИ",
            Section::Decisions => "РЕШЕНИЯ",
            Section::Money => "ДЕНЬГИ",
            Section::People => "РЕШЕНО ЛЮДЬМИ",
        }
    }

    fn label(&self, label: Label) -> &'static str {
        match label {
            Label::Name => "Фамилия, имя, отчество",
            Label::Born => "Дата рождения",
            Label::Enp => "ЕНП",
            Label::Snils => "СНИЛС",
            Label::Policy => "Полис",
            Label::Insurer => "Страхование",
            Label::Clinic => "Прикрепление",
            Label::Address => "Адрес",
            Label::Numbers => "Все номера",
            Label::Why => "Почему",
            Label::Basis => "Основание",
            Label::ToDo => "Что делать",
        }
    }

    fn title(&self, person: &str, run: &str, as_of: &str) -> String {
        format!("ЛИЦО {person}, регистр на {as_of} (D), запуск {run}")
    }

    fn several(&self, by: &str, persons: usize, apart: &[Difference]) -> String {
        let name = |difference: &Difference| match difference {
            Difference::GivenName => "имя",
            Difference::BirthDate => "дата рождения",
            Difference::Sex => "пол",
            Difference::Snils => "СНИЛС",
        };
        let names: Vec<&str> = apart.iter().map(name).collect();
        let apart = if names.is_empty() { String::new() } else { format!(" Различаются: {}.", names.join(", ")) };
        let by = if matches!(by, "ЕНП" | "СНИЛС") { by } else { "номер" };
        format!("Один {by} указан у разных лиц, их {persons}.{apart} Ниже о каждом по очереди.")
    }

    fn person_of(&self, number: usize, of: usize) -> String {
        format!("===== {number} из {of} =====")
    }

    fn quarantined(&self, raw_bytes: Option<i64>) -> String {
        let raw = raw_bytes.filter(|bytes| *bytes > 0).map_or_else(String::new, |bytes| {
            format!(" Как она пришла (байт: {bytes}), показывает столбец raw таблицы quarantine.")
        });
        format!("Эта строка не принята: в ней ошибки. Пока отправитель её не исправит, она никому не принадлежит.{raw}")
    }

    fn duplicate(&self, kept: &str) -> String {
        format!("Эта строка во всех полях повторяет другую: {kept}. Считается та, эта не считается.")
    }

    fn taken_over_by(&self, id: &str) -> String {
        format!("Номер из вопроса больше не используется: его записи теперь относятся к лицу {id}.")
    }

    fn missing_tables(&self, tables: &str) -> String {
        format!("Сказано не всё: запуск опубликован без таблиц {tables}. Добавьте их в `tables` задания.")
    }

    fn candidates(&self, persons: usize) -> String {
        format!(
            "С такими именем и датой рождения найдено лиц: {persons}; спросите об одном по его номеру (sverka explain НОМЕР):"
        )
    }

    fn outside(&self) -> &'static str {
        "в регистре нет"
    }

    fn without_insurer(&self, left: &WithoutInsurer) -> String {
        let day = |day: Option<Day>| day.map_or_else(|| "неизвестный день".to_owned(), |day| self.date(day.0));
        let insurer =
            format!("{}{}", self.organisation(Subject::Insurer, &left.insurer), in_brackets(left.insurer_name.as_deref()));
        let last = left.choose_by.map(|day| Day(last_day(day.0)));
        let (ends, next) = if left.overdue {
            ("истёк", "В этот срок никто другой не выбран, поэтому человека распределяет фонд.")
        } else {
            ("истекает", "По этот день включительно человек может выбрать другую.")
        };
        format!(
            "{insurer} прекратила работу в регионе; первый день без неё — {}. Срок выбора другой страховой организации {ends} {}. {next}",
            day(left.left_on),
            day(last)
        )
    }

    fn still_attached(&self, attached: &StillAttached, row: &str) -> String {
        let cause =
            if attached.cause == "dead" { "человек умер" } else { "человек не застрахован" };
        format!(
            "{}{} не закрыла прикрепление ({}; {row}), хотя {cause}: его нужно закрыть или выяснить причину.",
            self.organisation(Subject::Clinic, &attached.clinic),
            in_brackets(attached.clinic_name.as_deref()),
            profile_name(Some(attached.profile))
        )
    }

    fn not_in_register(&self, as_of: &str, last: Option<&ExplainedStay>, is_named: bool) -> String {
        let why = match last.map(|stay| (stay, stay.to)) {
            Some((ExplainedStay { death: Some(death), .. }, _)) => format!("Человек умер {}.", self.date(death.0)),
            Some((stay, Some(to))) => format!(
                "Последнее страхование, {}, закончилось: последний день — {}.",
                self.organisation(Subject::Insurer, &stay.code),
                self.date(last_day(to.0))
            ),
            Some((stay, None)) => {
                format!(
                    "Страхование, {}, начинается только {}.",
                    self.organisation(Subject::Insurer, &stay.code),
                    self.date(stay.from.0)
                )
            }
            None => "О страховании этого человека ничего не известно.".to_owned(),
        };
        let names = if is_named {
            ""
        } else {
            " Имя этого человека есть только в исходных файлах."
        };
        format!("На {as_of} в регистре нет: в этот день человек не застрахован. {why}{names}")
    }

    fn sex_and_age(&self, sex: i64, age: i64) -> String {
        let years = match (age % 10, age % 100) {
            (_, 11..=14) => "лет",
            (1, _) => "год",
            (2..=4, _) => "года",
            _ => "лет",
        };
        format!("пол {}, {age} {years}", if sex == 1 { "мужской" } else { "женский" })
    }

    fn policy_kind(&self, kind: Option<i64>) -> &'static str {
        match kind {
            Some(1) => "полис старого образца",
            Some(2) => "временное свидетельство",
            Some(3) => "единый полис (ЕНП)",
            _ => "полис без указания вида",
        }
    }

    fn method(&self, method: Option<i64>) -> &'static str {
        match method {
            Some(1) => "по территории",
            Some(2) => "по заявлению",
            Some(3) => "по заявлению после переезда",
            _ => "по территории (способ не указан)",
        }
    }

    fn since(&self, day: Option<Date>) -> String {
        day.map_or_else(String::new, |day| format!("с {}", self.date(day)))
    }

    fn unresolved(&self) -> &'static str {
        "НЕ РЕШЕНО: равносильные записи называют разные организации"
    }

    fn no_clinic(&self) -> &'static str {
        "нет"
    }

    fn number_state(&self, survives: bool, in_register: bool) -> &'static str {
        match (survives, in_register) {
            (true, true) => "действует",
            (true, false) => "последний",
            (false, _) => "прежний",
        }
    }

    fn table(&self, table: &str) -> &'static str {
        if table == "register" { "регистр застрахованных" } else { "прикрепления" }
    }

    fn line(&self, line: i64) -> String {
        format!("строка {line}")
    }

    fn sender_id(&self, id: &str) -> String {
        format!("номер отправителя {id}")
    }

    fn first_record(&self) -> &'static str {
        "Лицо: первая запись, остальные связаны с ней."
    }

    fn linked(&self, to: usize, rule: &str) -> String {
        format!("Лицо: то же, что в [{to}]: {} ({rule}).", self.rule(rule).message)
    }

    fn link_not_published(&self) -> &'static str {
        "Лицо: как запись связана, не сказано: запуск опубликован без таблицы `links`."
    }

    fn record_outcome(&self, outcome: RecordOutcome<'_>) -> String {
        match outcome {
            RecordOutcome::Rests { subject, numbers, in_force: true } => {
                format!("Действует: на ней основано {} {numbers} (см. «По времени»).", stay(subject))
            }
            RecordOutcome::Rests { subject, numbers, in_force: false } => {
                format!("На ней основано {} {numbers} (см. «По времени»).", stay(subject))
            }
            RecordOutcome::GaveWay { number, stays: "", .. } => format!("Уступает решению людей, см. решение {number}."),
            RecordOutcome::GaveWay { number, subject, stays } => format!(
                "Уступает решению людей, см. решение {number}; {} {stays}, о котором они решили, опирается на неё же, так как своей записи у него нет.",
                stay(subject)
            ),
            RecordOutcome::Death { code } => format!("Извещение СМО {code} о смерти. Само по себе ничего не открывает."),
            RecordOutcome::Decided { number, outcome: "lost" } => {
                format!("Не действует: уступила другой записи, см. решение {number}.")
            }
            RecordOutcome::Decided { number, outcome: "refused" } => {
                format!("Не действует: в переходе отказано, см. решение {number}.")
            }
            RecordOutcome::Decided { number, outcome: "deferred" } => {
                format!("Действует позже, чем в ней указано, см. решение {number}.")
            }
            RecordOutcome::Decided { number, outcome: "superseded" } => format!("Закончилась переходом, см. решение {number}."),
            RecordOutcome::Decided { number, .. } => format!("См. решение {number}."),
            RecordOutcome::TakenBack { number, by_people } => {
                format!("Правила против неё (решение {number}), но люди решили иначе, см. решение {by_people}.")
            }
            RecordOutcome::LeftOut { code } => format!("Не действует: {} ({code}).", self.rule(code).message),
            RecordOutcome::End { code, day, in_register } => {
                let what = if in_register { "страхование в" } else { "прикрепление к" };
                let last = day.map_or_else(|| "неизвестен".to_owned(), |day| self.date(last_day(day)));
                format!("Извещение: {what} {code} закончилось, последний день — {last}. Само по себе ничего не открывает.")
            }
            RecordOutcome::Change { code, day } => {
                let day = day.map_or_else(|| "неизвестного дня".to_owned(), |day| self.date(day));
                format!("Извещение: с {day} у прикрепления к {code} другие данные. Само по себе ничего не открывает.")
            }
            RecordOutcome::NotPublished => "Что с ней стало, таблицы этого запуска не говорят.".to_owned(),
        }
    }

    fn death(&self, note: &DeathNote, source_date: Option<&str>) -> String {
        match note {
            DeathNote::Reports { day, verdict } => {
                let reported = format!("Сообщает о смерти {}", self.date(*day));
                let reported_in = format!("{reported} ({})", self.dated_file(source_date));
                match verdict {
                    DeathVerdict::Unknown => format!("{reported}."),
                    DeathVerdict::Counts => format!("{reported}; она учтена."),
                    DeathVerdict::EarlierCounts(counted) => format!("{reported}; учтена более ранняя, {}.", self.date(*counted)),
                    DeathVerdict::Decided(line) => {
                        format!("{reported_in}. Смерть не учтена по решению людей, строка {line} файла решений.")
                    }
                    DeathVerdict::TakenBack(records) => format!(
                        "{reported_in}. Смерть не учтена: {} новее, и по её данным человек застрахован и после этого дня.",
                        self.agreeing_records(records)
                    ),
                    DeathVerdict::CountsContradicted { contradicting, is_same_date } => {
                        let why = if *is_same_date {
                            "дата её файла та же"
                        } else {
                            "какой файл новее, неизвестно"
                        };
                        format!(
                            "{reported_in}. Смерть учтена, хотя ей противоречит {}: {why}.",
                            self.agreeing_records(contradicting)
                        )
                    }
                }
            }
            DeathNote::Contradicts { day, reported_by, counts } => {
                let (age, then) = match (counts, &reported_by.source_date, source_date) {
                    (false, ..) => ("эта запись новее", "поэтому смерть не учтена"),
                    (true, Some(_), Some(_)) => ("эта запись не новее", "поэтому смерть учтена"),
                    (true, ..) => ("какая из записей новее, неизвестно", "поэтому смерть учтена"),
                };
                let (records, file) = (self.agreeing_records(reported_by), self.dated_file(source_date));
                format!("Противоречит смерти {}, о которой сообщает {records}: {age} ({file}), {then}.", self.date(*day))
            }
        }
    }

    fn repeated_by(&self, rows: &str) -> String {
        format!("Та же строка прислана ещё раз и там не считается: {rows}.")
    }

    fn finding(&self, finding: &ExplainedFinding) -> String {
        let kind = if finding.severity == "error" { "Ошибка" } else { "Замечание" };
        let field = finding.field.as_ref().map_or_else(String::new, |field| format!(", поле {field}"));
        format!("{kind} {}{field}: {}.", finding.code, message(self, finding))
    }

    fn subject(&self, subject: Subject, profile: Option<i64>) -> String {
        if subject == Subject::Insurer { "страхование".to_owned() } else { profile_name(profile).to_owned() }
    }

    fn organisation(&self, subject: Subject, code: &str) -> String {
        format!("{} {code}", if subject == Subject::Insurer { "СМО" } else { "МО" })
    }

    fn interval(&self, from: Date, to: Option<Date>) -> String {
        match to {
            Some(to) => format!("{} – {}", self.date(from), self.date(last_day(to))),
            None => format!("с {}, без срока", self.date(from)),
        }
    }

    fn gap(&self, subject: Subject, from: Date, to: Date) -> String {
        let what = if subject == Subject::Insurer { "страхования нет" } else { "прикрепления нет" };
        format!("({what}: {} – {})", self.date(from), self.date(last_day(to)))
    }

    fn succession(&self, subject: Subject, from: &str, to: &str) -> String {
        let to = self.organisation(subject, to);
        format!("({} стала {to}: та же запись продолжается под новым кодом, это не переход)", self.organisation(subject, from))
    }

    fn no_stays(&self, subject: Subject) -> &'static str {
        if subject == Subject::Insurer { "страхования нет" } else { "прикрепления нет" }
    }

    fn resting_on(&self, records: &str, decided_by: Option<i64>) -> String {
        let by_people = decided_by.map(|line| format!("по решению людей, строка {line}"));
        let by_records = Some(format!("по записям {records}")).filter(|_| by_people.is_none() || !records.is_empty());
        [by_people, by_records].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn no_decisions(&self) -> &'static str {
        "Нет."
    }

    fn heading(&self, decision: &ExplainedDecision) -> String {
        let subject = decision.subject;
        let (losing, winning) =
            (self.organisation(subject, &decision.loser.code), self.organisation(subject, &decision.winner.code));
        let day = self.date(decision.start.0);
        let profile = match decision.profile {
            Some(profile) if profile != 1 => format!(" ({})", profile_name(Some(profile))),
            _ => String::new(),
        };
        match decision.outcome.as_str() {
            "lost" => format!("{day}: {winning}, а не {losing}{profile}"),
            "superseded" => format!("{day}: переход из {losing} в {winning}{profile}"),
            "refused" => format!("{day}: в переходе из {winning} в {losing} отказано{profile}"),
            "deferred" => format!("{day}: переход из {winning} в {losing} отложен{profile}"),
            _ => format!("{day}: {winning} против {losing}{profile}"),
        }
    }

    fn side(&self, decision: &ExplainedDecision, loser: bool) -> String {
        let side = if loser { &decision.loser } else { &decision.winner };
        let mut side_text = self.organisation(decision.subject, &side.code) + &in_brackets(side.name.as_deref());
        if let Some(from) = side.from {
            side_text += &format!(", с {}", self.date(from.0));
        }
        if let Some(applied) = side.applied_on.filter(|applied| Some(*applied) != side.from) {
            side_text += &format!(", заявление от {}", self.date(applied.0));
        }
        if let Some(reason) = &side.reason {
            side_text += &format!(", операция {reason}");
        }
        if decision.subject == Subject::Clinic && (loser || !decision.is_by_people()) {
            side_text += &format!(", {}", self.method(side.method));
        }
        side_text
    }

    fn side_name(&self, outcome: &str, loser: bool, is_taken_back: bool) -> &'static str {
        if is_taken_back {
            return if loser { "По правилам слабее" } else { "По правилам сильнее" };
        }
        match (outcome, loser) {
            ("superseded", true) => "Было",
            ("superseded", false) => "Стало",
            ("refused", true) => "Отказано",
            ("refused" | "deferred", false) => "Остаётся",
            ("deferred", true) => "Отложено",
            (_, true) => "Уступает",
            (_, false) => "Действует",
        }
    }

    fn why(&self, decision: &ExplainedDecision, context: &DecisionContext<'_>) -> String {
        let DecisionContext { settings, tolerated, is_taken_back } = *context;
        let (loser, winner) = (&decision.loser, &decision.winner);
        let operation =
            |side: &DecisionSide| side.reason.as_ref().map_or_else(String::new, |reason| format!("операция {reason}"));
        match decision.rule.as_str() {
            "SAME_DAY" => self.same_day(decision, is_taken_back),
            "SAME_DAY_TIE" => self.tie(decision, is_taken_back),
            "CHANGE_AT_WILL" => self.at_will(decision, settings, tolerated),
            "CHANGE_MOVED" if decision.subject == Subject::Insurer => format!(
                "{} сообщает о переезде человека ({}). После переезда страховую организацию можно сменить в любое время, и ежегодное право на замену \
                этим не расходуется.",
                self.organisation(Subject::Insurer, &winner.code),
                operation(winner)
            ),
            "CHANGE_MOVED" => format!(
                "{} выбрана по заявлению после переезда. После переезда медицинскую организацию можно сменить в любое время, и ежегодное право на \
                выбор этим не расходуется.",
                self.organisation(Subject::Clinic, &winner.code)
            ),
            "CHANGE_CONTRACT_ENDED" => format!(
                "{} сообщает, что прекращён договор прежней страховой организации ({}). Такой переход возможен в любое время, и ежегодное право на \
                замену им не расходуется.",
                self.organisation(Subject::Insurer, &winner.code),
                operation(winner)
            ),
            "CHANGE_DEADLINE" => format!(
                "заявление в {} — от {}, то есть позже последнего дня для таких заявлений, {} {} года.",
                self.organisation(Subject::Insurer, &loser.code),
                self.applied(loser),
                deadline(settings),
                self.year(loser.applied_on.map(|day| day.0))
            ),
            "CHANGE_LIMIT" => self.limit(decision, settings),
            "APPLICATION_OUTRANKS_RESIDENCE" => format!(
                "человек сам выбрал {} по заявлению. Прикрепление по территории, для которого желание человека не нужно, этот выбор не отменяет.",
                self.organisation(Subject::Clinic, &winner.code)
            ),
            "TERRITORY" => "оба прикрепления — по территории, и из них более позднее заменяет более раннее.".to_owned(),
            rule => format!("{}.", self.rule(rule).message),
        }
    }

    fn outcome(&self, decision: &ExplainedDecision, days: Option<Days>) -> String {
        let subject = decision.subject;
        let (losing, winning) =
            (self.organisation(subject, &decision.loser.code), self.organisation(subject, &decision.winner.code));
        match decision.outcome.as_str() {
            "lost" => {
                format!("Итог: с {} за человеком стоит {winning}; запись {losing} не действует.", self.date(decision.start.0))
            }
            "superseded" => format!(
                "Итог: последний день в {losing} — {}, с {} человек в {winning}.",
                self.date(last_day(decision.start.0)),
                self.date(decision.start.0)
            ),
            "refused" => format!("Итог: человек остаётся в {winning}, запись {losing} не действует."),
            "deferred" => {
                let day = decision.taken_on.map_or_else(|| "после этого".to_owned(), |day| format!("с {}", self.date(day.0)));
                format!("Итог: пока не закончилось время в {winning}, человек остаётся там; запись {losing} действует {day}.")
            }
            _ => match days {
                Some(days) => format!("Итог: {} действует {winning}.", self.days(days)),
                None => format!("Итог: действует {winning}."),
            },
        }
    }

    fn outcome_taken_back(&self, decision: &ExplainedDecision, by_people: usize, days: Option<Days>) -> String {
        let winning = self.organisation(decision.subject, &decision.winner.code);
        let days = days.map_or_else(String::new, |days| format!(" {}", self.days(days)));
        format!(
            "Итог по правилам: за человеком стояла бы {winning}. Люди решили иначе, и{days} действует их решение: см. решение {by_people}."
        )
    }

    fn money(&self, money: &Money, as_of: &str) -> String {
        match money {
            Money::Paid { clinic, insurer, band, norm, heads, amount } => {
                let band = band.as_ref().map_or_else(String::new, |band| format!(", возрастная группа {band}"));
                format!(
                    "За человека МО {clinic} получает от СМО {insurer} {} руб. в месяц{band}. Столько же МО получает за каждого из {heads} своих \
                    прикреплённых, всего {} руб. в месяц.",
                    roubles(norm),
                    roubles(amount)
                )
            }
            Money::NotInRegister => format!("За человека никому не платят: на {as_of} его нет в регистре."),
            Money::Unattached => format!("За человека никому не платят: на {as_of} он не прикреплён (терапия)."),
            Money::InsurerUnresolved => {
                "За человека никому не платят, пока не решено, какая страховая организация верна: равносильные записи называют разные.".to_owned()
            }
            Money::ClinicUnresolved => {
                "За человека никому не платят, пока не решено, какая медицинская организация верна: равносильные записи называют разные.".to_owned()
            }
            Money::ClinicNotPaid { clinic } => {
                format!("За человека никому не платят: МО {clinic} на {as_of} не работает или не может иметь прикреплённых.")
            }
            Money::Unknown => "Не сказано: запуск опубликован без таблиц регистра или денег.".to_owned(),
        }
    }

    fn people_decided(&self, entry: &ExplainedOverride, deaths: &[ReportedDeath]) -> String {
        let kind = match entry.kind.as_str() {
            "same_person" => "записи — одно лицо".to_owned(),
            "different_persons" if entry.other_persons.is_empty() => "записи — разные лица".to_owned(),
            "different_persons" => format!("записи — разные лица; другое лицо — {}", entry.other_persons.join(", ")),
            "insurer" => "страховая организация человека".to_owned() + &self.decided_stay(entry),
            "clinic" => "медицинская организация человека".to_owned() + &self.decided_stay(entry),
            "alive" => "человек жив".to_owned() + &self.deaths_set_aside(deaths),
            kind => kind.to_owned(),
        };
        let state = match (entry.state.as_str(), entry.kind.as_str(), entry.gives_way_to) {
            ("applied", "same_person", Some(line)) => format!("не действует: решение в строке {line}, что лица разные, сильнее"),
            ("applied", _, Some(line)) => format!("применено, но в общие дни действует более позднее решение, строка {line}"),
            ("applied", ..) => "применено".to_owned(),
            ("no_effect", ..) => "ничего не изменило".to_owned(),
            ("not_found", ..) => "не применено: запись не найдена".to_owned(),
            ("ambiguous", ..) => "не применено: записи принадлежат разным лицам".to_owned(),
            ("without_record", ..) => "не применено: нет записи, на которую можно опереться".to_owned(),
            ("ended", ..) => "срок решения истёк".to_owned(),
            (state, ..) => state.to_owned(),
        };
        let on = entry.decided_on.map_or_else(String::new, |day| format!(" {}", self.date(day.0)));
        let until = entry.until.map_or_else(String::new, |day| format!(", действует по {}", self.date(last_day(day.0))));
        format!(
            "{kind}: решение{on}{until}, кто: {}, почему: {}; {state} (строка {} файла решений).",
            entry.author, entry.reason, entry.line
        )
    }

    fn language(&self) -> Language {
        Language::Russian
    }
}
