//! Habits of real files of the exchange: stray quotes, delimiters at the end, short and long rows, repeated headers, two byte order marks.

use sverka_publish::OutputTable;

use super::{FormatJob, in_1251, quarantined, rows};

const REGISTER: &str = "insurer;policy_kind;enp;surname;given_name;sex;birth_date;insured_from\n\
    98001;3;9856510894000011;ЛИПОВА;АННА;2;1984-03-05;2020-01-01\n";

/// A row of the attachment family. `issuer` is the free text about the issuer of the document.
fn attachment_line(action: &str, issuer: &str, from: &str) -> String {
    format!(
        "\"{action}\";\"П\";\" № \";\"9856510894000011\";\"ЛИПОВА\";\"АННА\";;\"19840305\";\"Г. ПРИМЕР\";\"14\";\"00 20 № 000001\";\
         \"20040401\";\"{issuer}\";;\"980101\";\"2\";;\"{from}\";;\"1.2.643.5.1.13\";\"0\";\"1\";\"98000001046\";\"1\""
    )
}

fn job(layout: &str, text: &str) -> FormatJob {
    FormatJob::new().source("registers", "r.csv", "register", REGISTER.as_bytes()).source(
        "attachments",
        "MO2.csv",
        layout,
        &in_1251(text),
    )
}

const STAY: [&str; 4] = ["clinic", "from", "record_lines", "record_ids"];

#[test]
fn quotes_inside_names_of_organisations_are_text() {
    for issuer in ["ОТДЕЛ \"ПРИМЕР\"", "\"ПРИМЕР\"", "\"", "ООО \"\"ПРИМЕР", "'ПРИМЕР'"] {
        let run = job("mo", &(attachment_line("Р", issuer, "20210201") + "\r\n")).run();
        assert_eq!(
            rows(&run, OutputTable::AttachmentStays, &STAY),
            ["980101|2021-02-01|1|"],
            "{issuer}: {:?}",
            quarantined(&run)
        );
    }
}

#[test]
fn all_habits_of_quoting_give_the_same_row() {
    let first = attachment_line("Р", "ОТДЕЛ", "20210201");
    let all = first.split(';').map(|value| if value.is_empty() { "\"\"" } else { value }).collect::<Vec<_>>().join(";");
    let none = first.replace('"', "");
    let spaced = first.replace("\";\"", "\" ; \"");
    for text in [&first, &all, &none, &spaced] {
        for end in ["", "\n", "\r\n", ";\r\n", ";;;\n"] {
            let run = job("mo", &format!("{text}{end}")).run();
            assert_eq!(
                rows(&run, OutputTable::AttachmentStays, &STAY),
                ["980101|2021-02-01|1|"],
                "{text:?} {end:?}: {:?}",
                quarantined(&run)
            );
            let persons = rows(&run, OutputTable::Persons, &["method", "district", "doctor_snils"]);
            assert_eq!(persons, ["2|1|98000001046"], "{text:?}");
        }
    }
}

#[test]
fn short_long_and_blank_rows_cost_themselves_alone() {
    let good = attachment_line("Р", "ОТДЕЛ", "20210201");
    let (short, long) = (good.rsplit_once(';').expect("columns").0.to_owned(), format!("{good};\"X\""));
    let text = format!("\r\n{short}\r\n \r\n{long}\r\n{good}\r\n\r\n");
    let run = job("mo", &text).run();
    assert_eq!(quarantined(&run), ["2|ROW_SHAPE", "4|ROW_SHAPE"]);
    assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["980101|2021-02-01|5|"]);
    assert_eq!(run.manifest.inputs.iter().find(|input| input.name == "MO2.csv").and_then(|input| input.rows), Some(3));
}

#[test]
fn a_number_before_or_a_date_behind_the_columns_has_its_layout() {
    let numbered = format!("\"17\";{}\n", attachment_line("Р", "ОТДЕЛ", "20210201"));
    let run = job("mo_numbered", &numbered).run();
    assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["980101|2021-02-01|1|17"], "{:?}", quarantined(&run));
    for more in [";\"20260101\"", ";", ""] {
        let dated = format!("{}{more}\n", attachment_line("Р", "ОТДЕЛ", "20210201"));
        let run = job("mo_dated", &dated).run();
        assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["980101|2021-02-01|1|"], "{more}: {:?}", quarantined(&run));
    }
    assert_eq!(quarantined(&job("mo", &numbered).run()), ["1|ROW_SHAPE"], "the wrong layout is seen at once");
}

#[test]
fn a_header_is_optional_and_a_repeated_one_is_no_row() {
    let header = "Действие;Тип_ДПФС;ИД_полиса;ЕНП;Фамилия;Имя;Отчество;Дата_рождения;Место_рождения;Тип_УДЛ;УДЛ;Дата_УДЛ;Орган_УДЛ;СНИЛС;ИД_МО;\
        Способ_прикрепления;Тип_прикрепления;Дата_прикрепления;Дата_открепления;ОИД_ЛПУ;Код_подразделения;Код_участка;СНИЛС_врача;\
        специализация_врача";
    let good = attachment_line("Р", "ОТДЕЛ", "20210201");
    let run = job("mo", &format!("{header}\r\n{good}\r\n{header}\r\n")).run();
    assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["980101|2021-02-01|2|"]);
    assert_eq!(quarantined(&run), ["3|ROW_HEADER"]);
    let numbers = (1..=24).map(|number| number.to_string()).collect::<Vec<_>>().join(";");
    let run = job("mo", &format!("{header}\r\n{numbers}\r\n{good}\r\n")).run();
    assert_eq!(quarantined(&run), ["2|ROW_HEADER"], "columns are numbered below their names");
    let canonical = format!("{REGISTER}{REGISTER}");
    let run = FormatJob::new().source("registers", "r.csv", "register", canonical.as_bytes()).run();
    assert_eq!(quarantined(&run), ["3|ROW_HEADER"]);
    assert_eq!(run.manifest.totals.duplicates, 1);
}

#[test]
fn two_byte_order_marks_are_no_part_of_the_text() {
    let twice = format!("\u{FEFF}\u{FEFF}{REGISTER}");
    let run = FormatJob::new().source("registers", "r.csv", "register", twice.as_bytes()).run();
    assert_eq!(rows(&run, OutputTable::Persons, &["surname"]), ["ЛИПОВА"]);
}

#[test]
fn an_action_tells_changes_from_attachments() {
    let attached = attachment_line("Р", "ОТДЕЛ", "20210201");
    let changed = attachment_line("И", "ОТДЕЛ", "20220301").replace(";\"1\";\"98000001046\"", ";\"9\";\"98000002149\"");
    let run = job("mo", &format!("{attached}\n{changed}\n")).run();
    assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["980101|2021-02-01|1|"], "{:?}", quarantined(&run));
    assert_eq!(rows(&run, OutputTable::Persons, &["district", "doctor_snils"]), ["9|98000002149"]);
    let latin = job("mo", &attachment_line("P", "ОТДЕЛ", "20210201")).run();
    assert_eq!(rows(&latin, OutputTable::AttachmentStays, &STAY).len(), 1);
    assert_eq!(quarantined(&job("mo", &attachment_line("О", "ОТДЕЛ", "20210201")).run()), ["1|ACTION_UNKNOWN"]);
}

#[test]
fn lists_of_penza_and_voronezh_are_read() {
    let penza_header = "Pid;Тип_ДПФС;ИД_полиса;ЕНП;Фамилия;Имя;Отчество;Пол;Дата_рождения;Место_рождения;Тип_УДЛ;Ном_УДЛ;Дата_УДЛ;Орган_УДЛ;СНИЛС;\
        КЛАДР;Район;Нас_пункт;Улица;Дом;Квартира;Телефон;ИД_МО;Способ;Тип;Дата_прикр;Дата_откр;СНИЛС_врача;ИД_МО_подр;СНИЛС_фап;\
        Код_участка;ИД_СМО";
    let penza = format!(
        "\r\n{penza_header}\r\n12;П;;9856510894000011;ЛИПОВА;АННА;;Ж;19840305;;14;00 20 № 000001;;ОТДЕЛ \"ПРИМЕР\";;;;;;;;;980101;2;;20210201;;\
         980-000-010 46;;;7;98001"
    );
    let run = job("penza", &penza).run();
    assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["980101|2021-02-01|3|12"], "{:?}", quarantined(&run));
    let fund = "что-то;в;строке\r\n\"1\";\"ЛИПОВА\";\"АННА\";;\"Ж\";\"19840305\";;;\"9856510894000011\";\"2\";;\"20210201\";;\"980101\";\
        \"1.2.643\";\"0\";\"7\";\"98000001046\";\"1\"\r\n";
    let run = job("voronezh_fund", fund).run();
    assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["980101|2021-02-01|2|"], "{:?}", quarantined(&run));
}

#[test]
fn an_empty_file_stops_the_run_in_every_form() {
    for (name, layout) in [("MO2.csv", "mo"), ("MO2.dbf", "mo_dbf"), ("ATM.xml", "att_vologda"), ("i98.csv", "voronezh_fund")] {
        let job = FormatJob::new().source("registers", "r.csv", "register", REGISTER.as_bytes());
        let error = job.source("attachments", name, layout, b"").outcome().expect_err(layout).to_string();
        assert!(error.contains(name) && error.contains("is empty"), "{error}");
    }
}
