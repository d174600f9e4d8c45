//! Packets `PD_TARIF` and `spfinfap` of a run, read back and compared with its tables.

use std::collections::BTreeMap;

use sverka_publish::OutputTable;

use super::payments::run_with_packets;

/// Text of a windows-1251 file; its Cyrillic letters are those of the names of points.
fn from_1251(bytes: &[u8]) -> String {
    let sign = |byte: &u8| match byte {
        0xC0..=0xFF => char::from_u32(u32::from(*byte) - 0xC0 + 0x410).expect("a letter"),
        0xA8 => 'Ё',
        0xB8 => 'ё',
        _ => char::from(*byte),
    };
    bytes.iter().map(sign).collect()
}

/// Records of an element, each with its values by name.
fn records(text: &str, element: &str) -> Vec<BTreeMap<String, String>> {
    let begin = format!("<{element}>");
    text.split(&begin)
        .skip(1)
        .map(|part| {
            let part = part.split(&format!("</{element}>")).next().expect("an end");
            let values = part.split('<').filter(|value| !value.starts_with('/')).filter_map(|value| value.split_once('>'));
            values.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
        })
        .collect()
}

#[test]
fn norms_are_those_of_the_tables() {
    let (folder, run) = run_with_packets();
    let dir = folder.path().join("out/current");
    let text = std::fs::read_to_string(dir.join("PD_TARIF_20261101.xml")).expect("a packet in UTF-8");
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<PACKET>\n  <ZGLV>PD_TARIF</ZGLV>\n"), "{text}");
    let found: Vec<Vec<String>> = records(&text, "ZAP")
        .into_iter()
        .map(|record| {
            ["USL_OK", "SMO", "MCOD", "KOL_ZL", "TARIF", "DATEBEG", "DATEEND"].map(|name| record[name].clone()).to_vec()
        })
        .collect();
    let expected: Vec<Vec<String>> = run
        .rows(OutputTable::FundingInsurerClinic)
        .map(|row| {
            let figures = ["insurer", "clinic", "heads", "norm"].map(|column| row.text(column).to_owned());
            [&["3".to_owned()][..], &figures, &["2026-11-01".to_owned(), "2026-11-30".to_owned()]].concat()
        })
        .collect();
    assert_eq!(found, expected);
    assert!(expected.len() > 3);
}

#[test]
fn points_have_the_sums_of_their_insurers() {
    let (folder, run) = run_with_packets();
    let bytes = std::fs::read(folder.path().join("out/current/sp_fin_fap.xml")).expect("a packet");
    let text = from_1251(&bytes);
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<spfinfap>\n"), "{text}");
    let records = records(&text, "FAP");
    let points: std::collections::BTreeSet<&str> = run.rows(OutputTable::FundingPoints).map(|row| row.text("point")).collect();
    assert_eq!(records.len(), points.len());
    for row in run.rows(OutputTable::FundingPoints) {
        let record = records.iter().find(|record| record["PODR"] == row.text("point")).expect("the point");
        assert_eq!(record["NAME_PODR"], row.text("name"));
        assert_eq!(record["MKOD"], row.text("clinic"));
        if let Some(insurer) = row.get("insurer") {
            let ending = if insurer == "98001" { "ASTRA".to_owned() } else { format!("{insurer}_") };
            assert_eq!(record[&format!("SUMM_{ending}11")], row.text("amount"));
        }
        let is_paid = row.text("state") == "paid";
        assert_eq!(record["K_YKOMP11"] == "0.00", !is_paid, "{record:?}");
        assert_eq!((record["G_FIN1"].as_str(), record["SUMM_ASTRA12"].as_str()), ("0.00", "0.00"));
    }
    let quarter = records.iter().find(|record| record["PODR"] == "1").expect("the point");
    assert_eq!((quarter["G_FIN11"].as_str(), quarter["K_YKOMP11"].as_str()), ("957200.00", "0.90"));
}

#[test]
fn the_manifest_has_the_hashes_of_packets() {
    let (folder, run) = run_with_packets();
    for (name, file) in [("pd_tarif", "PD_TARIF_20261101.xml"), ("spfinfap", "sp_fin_fap.xml")] {
        let output = run.manifest.outputs.iter().find(|output| output.table == name).expect("the packet");
        let bytes = std::fs::read(folder.path().join("out/current").join(file)).expect("a packet");
        assert_eq!((output.file.as_str(), &output.blake3), (file, &blake3::hash(&bytes).to_hex().to_string()));
    }
    let job = folder.path().join("out").display().to_string();
    let ended = crate::commands::sverka(&["verify", "--output", &job]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn packets_that_cannot_be_written_are_errors_of_the_job() {
    let (folder, _) = run_with_packets();
    let path = folder.path().join("job.toml");
    let job = std::fs::read_to_string(&path).expect("the job");
    for (old, new, message) in [
        ("ambulatory = \"3\"", "dental = \"3\"", "the tariff has no care `dental`; it has ambulatory"),
        ("ambulatory = \"3\"", "ambulatory = \"5\"", "the condition of care is `5`"),
        ("\"98001\" = \"ASTRA\"", "\"98009\" = \"ASTRA\"", "insurer 98009 is not in the table of insurers"),
        ("\"98001\" = \"ASTRA\"", "\"98001\" = \"ASTRA1\"", "no digit at its end"),
    ] {
        assert!(job.contains(old));
        std::fs::write(&path, job.replace(old, new)).expect("a job");
        let ended = crate::commands::sverka(&["run", &path.display().to_string()]);
        assert!(ended.code == 2 && ended.stderr.contains(message), "{}", ended.stderr);
    }
}
