//! Documents at both sides of every limit.

use super::assert_findings;
use sverka_model::Table;

cases! {
    kinds_and_numbers_of_the_register: Register {
        "doc_kind=14, doc_number=98 05 100001" => ""
        "doc_kind=14, doc_number=9805100001" => ""
        "doc_kind=14, doc_number=" => ""
        "doc_kind=14, doc_number=9805 10000" => "DOC_NUMBER_FORMAT doc_number"
        "doc_kind=, doc_number=9805 10000" => ""
        "doc_kind=19, doc_number=1" => "DOC_KIND_UNKNOWN doc_kind"
        "doc_kind=014, doc_number=1" => "DOC_KIND_UNKNOWN doc_kind"
        "doc_kind=27, doc_number=anything" => ""
        "doc_kind=1, doc_number=XIV-АН 100001" => ""
        "doc_kind=1, doc_number=Х1У-АН 100001" => "DOC_SERIES_ALPHABET doc_number"
        "doc_kind=1, doc_number=XIIII-АН 100001" => "DOC_NUMBER_FORMAT doc_number"
        "doc_kind=14, doc_number=1, action=end, stopped_on=2026-01-01" => "DOC_NUMBER_FORMAT doc_number"
    }

    kinds_and_numbers_of_attachments: Attachments {
        "doc_kind=14, doc_number=98 05 100001" => ""
        "doc_kind=14, doc_number=1" => "DOC_NUMBER_FORMAT doc_number"
        "doc_kind=99" => "DOC_KIND_UNKNOWN doc_kind"
        "doc_kind=1, doc_number=У-АН 100001, action=change" => "DOC_SERIES_ALPHABET doc_number"
    }

    birth_certificates_until_fourteen: Register {
        "doc_kind=3, birth_date=2006-03-01, applied_on=2020-03-31, insured_from=2020-04-10" => ""
        "doc_kind=3, birth_date=2006-03-01, applied_on=2020-04-01" => "DOC_AGE doc_kind"
        "doc_kind=24, birth_date=2006-03-01, insured_from=2020-04-01" => "DOC_AGE doc_kind"
        "doc_kind=3, birth_date=2008-02-29, insured_from=2022-03-31" => ""
        "doc_kind=3, birth_date=2008-02-29, insured_from=2022-04-01" => "DOC_AGE doc_kind"
        "doc_kind=3, birth_date=2006-03-01, insured_from=2020-04-01, action=end, stopped_on=2026-01-01" => ""
        "doc_kind=18, birth_date=1950-03-01" => ""
    }

    passports_from_fourteen: Register {
        "doc_kind=14, birth_date=2012-11-01" => ""
        "doc_kind=14, birth_date=2012-11-02" => "DOC_AGE doc_kind"
        "doc_kind=14, birth_date=2012-02-29, insured_from=2013-01-01" => ""
        "doc_kind=14, birth_date=2008-02-29, insured_from=2013-01-01, doc_issued_on=2022-03-01" => ""
        "doc_kind=14, birth_date=2008-02-29, insured_from=2013-01-01, doc_issued_on=2022-02-28" => "DOC_AGE doc_kind"
        "doc_kind=15, birth_date=2015-11-02" => ""
    }

    documents_of_categories: Register {
        "doc_kind=21, category=1, snils=12345678964" => "DOC_CATEGORY doc_kind"
        "doc_kind=14, category=1, snils=12345678964" => ""
        "doc_kind=18, category=1, snils=12345678964" => ""
        "doc_kind=14, category=2" => "DOC_CATEGORY doc_kind"
        "doc_kind=12, category=5, insured_to=2021-01-01" => ""
        "doc_kind=14, category=5, insured_to=2021-01-01" => "DOC_CATEGORY doc_kind"
        "doc_kind=22, category=4" => ""
        "doc_kind=21, category=4" => "DOC_CATEGORY doc_kind"
        "doc_kind=21, category=0" => ""
        "doc_kind=21, category=" => ""
        "doc_kind=14, category=2, action=end, stopped_on=2026-01-01" => ""
    }

    last_days_of_documents: Register {
        "doc_kind=23, doc_expires_on=2026-10-31" => "DOC_EXPIRED doc_expires_on"
        "doc_kind=23, doc_expires_on=2026-11-01" => ""
        "doc_kind=14, doc_expires_on=2026-10-31" => ""
        "doc_kind=, doc_expires_on=2026-10-31" => ""
        "doc_kind=23, doc_expires_on=2026-10-31, stopped_on=2026-11-01" => ""
        "doc_kind=23, doc_expires_on=2026-10-31, stopped_on=2026-11-02" => "DOC_EXPIRED doc_expires_on"
        "doc_kind=23, doc_expires_on=2026-10-31, category=3, insured_to=2026-11-01" => ""
        "doc_expires_on=31.10.2026" => "DATE_INVALID doc_expires_on"
    }

    days_of_documents: Register {
        "doc_issued_on=1980-05-05" => ""
        "doc_issued_on=1980-05-04" => "DOC_DATES doc_issued_on"
        "doc_issued_on=2019-12-31, applied_on=2019-12-31" => ""
        "doc_issued_on=2020-01-01, applied_on=2019-12-31" => "DOC_DATES doc_issued_on"
        "doc_issued_on=2026-11-01" => ""
        "doc_issued_on=2026-11-02" => "DOC_DATES doc_issued_on"
        "doc_issued_on=2020-01-02, doc_expires_on=2020-01-02" => ""
        "doc_issued_on=2020-01-02, doc_expires_on=2020-01-01" => "DOC_DATES doc_expires_on"
        "doc_issued_on=2020-02-30" => "DATE_INVALID doc_issued_on"
    }

    renewed_passports: Register {
        "doc_kind=14, birth_date=2000-02-29, doc_issued_on=2020-02-28, applied_on=2020-03-30" => ""
        "doc_kind=14, birth_date=2000-02-29, doc_issued_on=2020-02-28, applied_on=2020-03-31" => "PASSPORT_NOT_RENEWED doc_issued_on"
        "doc_kind=14, birth_date=2000-02-29, doc_issued_on=2020-02-29, applied_on=2020-03-31" => ""
        "doc_kind=14, birth_date=1970-02-01, doc_issued_on=2015-01-31, insured_from=2015-03-03" => ""
        "doc_kind=14, birth_date=1970-02-01, doc_issued_on=2015-01-31, insured_from=2015-03-04" => "PASSPORT_NOT_RENEWED doc_issued_on"
        "doc_kind=14, birth_date=1970-02-01, doc_issued_on=1989-12-31, insured_from=2012-03-04" => "PASSPORT_NOT_RENEWED doc_issued_on"
        "doc_kind=15, birth_date=1970-02-01, doc_issued_on=1989-12-31, insured_from=2012-03-04" => ""
    }
}
