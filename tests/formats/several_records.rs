//! Rows that give several records, or records of both tables.

use sverka_publish::OutputTable;

use super::{FormatJob, quarantined, rows};

const STAY: [&str; 5] = ["profile", "clinic", "from", "record_lines", "record_ids"];

/// The register of the person in the tests.
const REGISTER: &str = "insurer;policy_kind;enp;surname;given_name;sex;birth_date;insured_from\n\
    98001;3;9856510894000011;ЛИПОВА;АННА;2;1984-03-05;2020-01-01\n";

fn novosibirsk(rows: &[&str]) -> Vec<u8> {
    let header = "REF_ID_PER;SNAME;NAME;MIDDLE_NAM;DATE_BIRTH;ENP;CONTACTS;REGISTRATION_ADDR;REGISTRATION_ADDR_CITY;RESIDENTIAL_ADDR;\
        RESIDENTIAL_ADDR_CITY;DATA_REEST;REF_ID_HOS;DATA_ATTAC;NOTES;FID_PERSON;PRIB_ID;SP_MO;PODR;REF_ID_DEN;DATA_DENT;NOTES_DENT;\
        FID_DENT_S;SP_MO_DENT;REF_ID_GIN;DATA_GINE;NOTES_GIN;FID_GINE_S;SP_MO_GINE;SMP_OID;FAP_OID";
    let quoted = |line: &str| line.split(';').map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(";");
    let lines: Vec<String> = std::iter::once(header).chain(rows.iter().copied()).map(quoted).collect();
    format!("\u{FEFF}{}\r\n", lines.join("\r\n")).into_bytes()
}

#[test]
fn one_row_gives_up_to_five_attachments() {
    let person = "17;ЛИПОВА;АННА;;05.03.1984;`9856510894000011;;;;;;01.11.2026";
    let file = novosibirsk(&[
        &format!("{person};980101;01.02.2021;;;;;7;980103;03.04.2021;;;;980107;05.06.2021;;;;;"),
        // No attachment: the row counts as one of the first profile without a clinic.
        &format!("{person};;;;;;;;;;;;;;;;;;;"),
        // A dental clinic alone.
        &format!("{person};;;;;;;;980105;03.04.2022;;;;;;;;;;"),
    ]);
    let run = FormatJob::new()
        .source("registers", "r.csv", "register", REGISTER.as_bytes())
        .source("attachments", "ATTACH_1.csv", "novosibirsk", &file)
        .run();
    assert_eq!(
        rows(&run, OutputTable::AttachmentStays, &STAY),
        ["1|980101|2021-02-01|2|17", "2|980107|2021-06-05|2|17", "3|980103|2021-04-03|2|17", "3|980105|2022-04-03|4|17"]
    );
    assert_eq!(quarantined(&run), ["3|FIELD_REQUIRED"]);
    let input = run.manifest.inputs.iter().find(|input| input.name == "ATTACH_1.csv").expect("an input");
    assert_eq!((input.rows, input.quarantined), (Some(5), Some(1)));
}

#[test]
fn an_ambulance_and_a_post_are_found_by_their_oids() {
    let dir = tempfile::tempdir().expect("folder");
    let clinics = std::fs::read_to_string(crate::samples::folder().join("reference/clinics.csv")).expect("clinics");
    let oid_of = |line: &str| match line.split(';').next() {
        Some("clinic") => "oid",
        Some("980120") => "1.2.643.5.1.13.13.12.2.98.1",
        _ => "",
    };
    let with_oids: String = clinics.lines().map(|line| format!("{line};{}\n", oid_of(line))).collect();
    let path = dir.path().join("clinics.csv");
    std::fs::write(&path, with_oids).expect("clinics");
    let person = "17;ЛИПОВА;АННА;;05.03.1984;`9856510894000011;;;;;;01.11.2026";
    let oids = "1.2.643.5.1.13.13.12.2.98.1;1.2.643.5.1.13.13.12.2.98.999";
    let file = novosibirsk(&[&format!("{person};980101;01.02.2021;;;;;;;;;;;;;;;;{oids}")]);
    let mut job = FormatJob::new().source("registers", "r.csv", "register", REGISTER.as_bytes()).source(
        "attachments",
        "ATTACH_1.csv",
        "novosibirsk",
        &file,
    );
    job.clinics = Some(path);
    let run = job.run();
    let stays = rows(&run, OutputTable::AttachmentStays, &STAY);
    assert!(stays.iter().any(|stay| stay.starts_with("1|980101|2021-02-01")), "{stays:?}");
    assert!(stays.iter().any(|stay| stay.starts_with("4|980120|2021-02-01")), "{stays:?}");
    // The table of clinics lacks the identifier of the post.
    assert_eq!(quarantined(&run), ["2|CLINIC_UNKNOWN"]);
}

#[test]
fn a_dump_gives_the_register_and_the_attachments() {
    let dump = "ЛИПОВА;АННА;NULL;Ж;05.03.1984;NULL;9856510894000011;УЛ. СТЕКОЛЬНАЯ, 1;NULL;98001;1020000000000;01.01.2020;NULL;NULL;П;NULL;NULL;\
        NULL;980101;01.02.2021;NULL;5;98000001046;2\n\
        ЛИПОВ;ПЁТР;-;M;05.03.1984;;9856510844000020;NULL;NULL;98002;NULL;01.01.2020;NULL;NULL;C;АБ;123;NULL;NULL;NULL;NULL;NULL;NULL;NULL\n\
        ЛИПОВ;ИВАН;NULL;М;31.02.1984;NULL;9856510844000038;NULL;NULL;98002;NULL;01.01.2020;NULL;NULL;П;NULL;NULL;NULL;980101;01.02.2021;NULL;1;NULL;1\n\
        short;row\n";
    let run = FormatJob::new().source("sources", "dump.csv", "regional_dump", dump.as_bytes()).run();
    let persons = rows(
        &run,
        OutputTable::Persons,
        &["surname", "patronymic", "sex", "insurer", "policy_kind", "policy_number", "clinic", "method", "district"],
    );
    let expected = ["ЛИПОВ||1|98002|1|АБ 123|||", "ЛИПОВА||2|98001|3||980101|2|5"];
    assert_eq!(persons.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(), expected.into());
    // The row with a wrong date is quarantined for both tables, the short row once.
    let mut kept = quarantined(&run);
    kept.sort();
    assert_eq!(kept, ["3|DATE_INVALID", "3|DATE_INVALID", "4|ROW_SHAPE"]);
    let input = run.manifest.inputs.iter().find(|input| input.name == "dump.csv").expect("an input");
    assert_eq!(input.role, "register and attachments");
    assert_eq!((input.rows, input.accepted, input.quarantined), (Some(6), Some(3), Some(3)));
}

#[test]
fn names_of_files_choose_layouts() {
    let dump = "ЛИПОВА;АННА;NULL;Ж;05.03.1984;NULL;9856510894000011;NULL;NULL;98001;NULL;01.01.2020;NULL;NULL;П;NULL;NULL;NULL;NULL;NULL;NULL;\
        NULL;NULL;NULL\n";
    let mo = "\"Р\";\"П\";;\"9856510894000011\";\"ЛИПОВА\";\"АННА\";;\"19840305\";;;;;;;\"980101\";\"2\";;\"20240115\";;;\"0\";\"1\";;\r\n";
    let run = FormatJob::new()
        .named_source("DUMP_2026.csv", dump.as_bytes())
        .named_source("mo298010120261031.csv", mo.as_bytes())
        .run();
    assert_eq!(rows(&run, OutputTable::Persons, &["surname", "clinic", "attached_from"]), ["ЛИПОВА|980101|2024-01-15"]);
    let job = FormatJob::new().named_source("DUMP_2026.csv", dump.as_bytes()).named_source("unknown.csv", mo.as_bytes());
    let error = sverka::job::Job::load(&job.job(), &sverka::job::CommandLine::default()).expect_err("no layout").to_string();
    assert!(error.contains("unknown.csv fits no layout"), "{error}");
}
