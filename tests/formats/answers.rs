//! Answers with codes that a job sets.

use std::io::Read as _;

use sverka::answers::{AnswerOptions, JobRequestReader, answer};
use sverka::job::{CommandLine, Job};
use sverka_formats::container::{Container, Limits};
use sverka_intake::AnswerFamily;
use sverka_report::answers::Dictionary;

use super::{FormatJob, in_1251};

const REGISTER: &str = "insurer;policy_kind;enp;surname;given_name;sex;birth_date;insured_from\n\
    98001;3;9856510894000011;ЛИПОВА;АННА;2;1984-03-05;2020-01-01\n";
const ROW: &str = "\"Р\";\"П\";;\"9856510894000011\";\"ЛИПОВА\";\"АННА\";;\"19840305\";;;;;;;\"980101\";\"2\";;\"20210201\";;;\"0\";\"1\";;\"1\"\r\n";

/// The lines, without quotes, of the `E2` that answers a file of one right row and one with a wrong date.
fn answered(settings: &str, files: &[(&str, &[u8])]) -> Result<Vec<String>, String> {
    let text = format!("{ROW}{}", ROW.replace("20210201", "20210231"));
    let mut job = FormatJob::new().source("registers", "r.csv", "register", REGISTER.as_bytes());
    job = job.source("attachments", "MO298010120261031.csv", "mo", &in_1251(&text));
    settings.clone_into(&mut job.settings);
    files.iter().for_each(|(name, bytes)| job.write(name, bytes));
    job.run();
    let loaded = Job::load(&job.job(), &CommandLine::default()).map_err(|error| error.to_string())?;
    let dictionaries = sverka::answers::dictionaries(&loaded).map_err(|error| error.to_string())?;
    let options = AnswerOptions { run: None, out: None, family: &|source| source.layout.answers, dictionaries: &dictionaries };
    let index = answer(&loaded, &JobRequestReader::new(&loaded), &options).map_err(|error| error.to_string())?;
    let packed = std::fs::read(index.folder.join("E298010120261031.zip")).expect("an answer");
    let members = Container::of_file(&packed).members("E2.zip", &Limits::default()).expect("an archive");
    let mut bytes = Vec::new();
    members[0].reader().map(|mut reader| reader.read_to_end(&mut bytes).expect("a sound archive")).expect("a member");
    Ok(String::from_utf8(bytes).expect("ASCII").lines().map(|line| line.replace('"', "")).collect())
}

#[test]
fn a_job_may_set_its_own_codes() {
    let built_in = answered("", &[]).expect("answered");
    assert_eq!(built_in.len(), 2);
    assert!(built_in[0].starts_with("1;") && built_in[0].contains(";980101;20210201;20210201;1;"), "{built_in:?}");
    assert!(built_in[1].starts_with("2;") && built_in[1].ends_with(";2;46"), "{built_in:?}");
    let codes = Dictionary::built_in(AnswerFamily::Mo)
        .expect("a dictionary")
        .to_toml()
        .replace("attached_from = \"46\"", "attached_from = \"9046\"");
    let own = answered("[answer_codes]\nmo = \"codes.toml\"\n", &[("codes.toml", codes.as_bytes())]).expect("answered");
    assert_eq!(own[0], built_in[0]);
    assert!(own[1].ends_with(";2;9046"), "{own:?}");
    let wrong =
        answered("[answer_codes]\nmo = \"codes.toml\"\n", &[("codes.toml", b"[codes]\n")]).expect_err("codes are missing");
    assert!(wrong.contains("codes.toml"), "{wrong}");
}
