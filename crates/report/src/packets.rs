//! Exchange packets about money: `PD_TARIF`, norms by insurer and clinic, and `spfinfap`, money of feldsher points (SRC-53).
//!
//! Both have the form that the fund of one region sends. What the figures mean there is not described anywhere; the meaning is a reading of their names.

use std::collections::BTreeMap;

use crate::answers::XmlText;
use sverka_model::Date;

/// Name of the file of feldsher points.
pub const SPFINFAP_FILE: &str = "sp_fin_fap.xml";

/// Version of both packets.
const VERSION: &str = "1.0";
/// Months of a year.
const MONTHS: u32 = 12;

/// Name of the file of norms for the month of a day.
#[must_use]
pub fn pd_tarif_file(day: Date) -> String {
    let (year, month, day) = day.ymd();
    format!("PD_TARIF_{year:04}{month:02}{day:02}.xml")
}

/// Record of `PD_TARIF`: the norm of a clinic for the people of an insurer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NormRecord {
    /// Condition of care, a code of V006.
    pub condition: String,
    /// Code of the insurer.
    pub insurer: String,
    /// Code of the clinic.
    pub clinic: String,
    /// Number of people.
    pub heads: u64,
    /// Norm for a head and month, with two decimals.
    pub norm: String,
}

/// The packet of norms for the month of a day, in UTF-8.
#[must_use]
pub fn pd_tarif(records: &[NormRecord], day: Date) -> Vec<u8> {
    let (first, last) = month_of(day);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<PACKET>\n  <ZGLV>PD_TARIF</ZGLV>\n  <VERSION>{VERSION}</VERSION>\n  <DATA>{day}</DATA>\n"
    );
    for NormRecord { condition, insurer, clinic, heads, norm } in records {
        text += &format!(
            "  <ZAP>\n    <USL_OK>{condition}</USL_OK>\n    <SMO>{insurer}</SMO>\n    <MCOD>{clinic}</MCOD>\n    <KOL_ZL>{heads}</KOL_ZL>\n    \
             <TARIF>{norm}</TARIF>\n    <DATEBEG>{first}</DATEBEG>\n    <DATEEND>{last}</DATEEND>\n  </ZAP>\n"
        );
    }
    text += "</PACKET>\n";
    text.into_bytes()
}

/// First and last day of the month of a day.
fn month_of(day: Date) -> (Date, Date) {
    let (year, month, _) = day.ymd();
    let first = Date::from_ymd(year, month, 1).expect("invariant: each month has a first day");
    (first, Date::from_days(first.months_later(1).days() - 1))
}

/// Record of `spfinfap`: a feldsher point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointRecord {
    /// Code of the clinic.
    pub clinic: String,
    /// Name of the point.
    pub name: String,
    /// Identifier `1.2.643…` of the clinic; empty when it is not known.
    pub oid: String,
    /// Code of the point.
    pub code: String,
    /// Sum of a year before the coefficient of staff, in roubles and kopecks.
    pub year_sum: String,
    /// Coefficient of staff.
    pub staff: String,
    /// Sums of the insurers for the month, by ending of the elements' names.
    pub sums: BTreeMap<String, String>,
}

/// The packet of feldsher points, in windows-1251. The month of the day has figures; the others have zeros. `endings` are the endings of the names of sums,
/// those of all points.
#[must_use]
pub fn spfinfap(records: &[PointRecord], endings: &[String], day: Date) -> Vec<u8> {
    const NO_MONEY: &str = "0.00";
    let (year, month_of_day, number) = day.ymd();
    let mut xml = XmlText::document();
    xml.open("spfinfap", &[]);
    xml.element("version", VERSION);
    xml.element("date", &format!("{number}.{month_of_day:02}.{year:04}"));
    for record in records {
        xml.open("FAP", &[]);
        xml.element("MKOD", &record.clinic);
        xml.element("NAME_PODR", &record.name);
        xml.element("LPU", &record.oid);
        xml.element("PODR", &record.code);
        for month in 1..=MONTHS {
            let is_counted = month == month_of_day;
            let shown = |value: &str| if is_counted { value.to_owned() } else { NO_MONEY.to_owned() };
            xml.element(&format!("G_FIN{month}"), &shown(&record.year_sum));
            xml.element(&format!("K_YKOMP{month}"), &shown(&record.staff));
            for ending in endings {
                let sum = record.sums.get(ending).map_or(NO_MONEY, String::as_str);
                xml.element(&format!("SUMM_{ending}{month}"), &shown(sum));
            }
        }
        xml.close("FAP");
    }
    xml.close("spfinfap");
    xml.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Date {
        Date::from_ymd(2028, 2, 1).expect("a date")
    }

    #[test]
    fn norms_are_those_of_the_month() {
        let record = |insurer: &str| NormRecord {
            condition: "3".to_owned(),
            insurer: insurer.to_owned(),
            clinic: "980101".to_owned(),
            heads: 12,
            norm: "310.50".to_owned(),
        };
        let expected = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<PACKET>
  <ZGLV>PD_TARIF</ZGLV>
  <VERSION>1.0</VERSION>
  <DATA>2028-02-01</DATA>
  <ZAP>
    <USL_OK>3</USL_OK>
    <SMO>98001</SMO>
    <MCOD>980101</MCOD>
    <KOL_ZL>12</KOL_ZL>
    <TARIF>310.50</TARIF>
    <DATEBEG>2028-02-01</DATEBEG>
    <DATEEND>2028-02-29</DATEEND>
  </ZAP>
</PACKET>
";
        assert_eq!(String::from_utf8(pd_tarif(&[record("98001")], day())).expect("UTF-8"), expected);
        assert_eq!(pd_tarif_file(day()), "PD_TARIF_20280201.xml");
    }

    #[test]
    fn points_have_twelve_months() {
        let record = PointRecord {
            clinic: "980101".to_owned(),
            name: "ФАП \"Ключи\"".to_owned(),
            oid: "1.2.643.5.1".to_owned(),
            code: "7".to_owned(),
            year_sum: "957200.00".to_owned(),
            staff: "0.90".to_owned(),
            sums: BTreeMap::from([("ASTRA".to_owned(), "71790.00".to_owned())]),
        };
        let endings = ["ASTRA", "KAPIT"].map(str::to_owned);
        let bytes = spfinfap(&[record], &endings, day());
        let mut text = String::new();
        for byte in bytes {
            text.push(if byte < 128 { char::from(byte) } else { '?' });
        }
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<spfinfap>\n<version>1.0</version>\n<date>1.02.2028</date>\n<FAP>\n<MKOD>980101</MKOD>\n<NAME_PODR>??? &quot;?????&quot;</NAME_PODR>\n<LPU>1.2.643.5.1</LPU>\n<PODR>7</PODR>\n<G_FIN1>0.00</G_FIN1>\n"), "{text}");
        let month = "<G_FIN2>957200.00</G_FIN2>\n<K_YKOMP2>0.90</K_YKOMP2>\n<SUMM_ASTRA2>71790.00</SUMM_ASTRA2>\n<SUMM_KAPIT2>0.00</SUMM_KAPIT2>\n";
        assert!(text.contains(month), "{text}");
        assert!(text.ends_with("<SUMM_KAPIT12>0.00</SUMM_KAPIT12>\n</FAP>\n</spfinfap>\n"), "{text}");
    }
}
