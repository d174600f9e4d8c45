//! Terms, applications, citizenships, regions and doctors at both sides of every limit.

use super::assert_findings;
use sverka_model::Table;

cases! {
    policies_and_their_time: Register {
        "insured_from=2026-12-31" => ""
        "insured_from=2027-01-01" => "OLD_POLICY_AFTER_REFORM policy_kind"
        "policy_kind=2, policy_number=123456789, insured_from=2022-11-30" => ""
        "policy_kind=2, policy_number=123456789, insured_from=2022-12-01" => "CERTIFICATE_AFTER_DIGITAL policy_kind"
        "policy_kind=2, policy_number=123456789, insured_from=2022-12-01, action=end, stopped_on=2026-01-01" => ""
    }

    certificates_of_thirty_working_days: Register {
        "policy_kind=2, policy_number=123456789, category=3, insured_from=2020-09-01, insured_to=2020-10-12" => ""
        "policy_kind=2, policy_number=123456789, category=3, insured_from=2020-09-01, insured_to=2020-10-13" => ""
        "policy_kind=2, policy_number=123456789, category=3, insured_from=2020-09-01, insured_to=2020-10-14" => "CERTIFICATE_TERM insured_to"
        "policy_kind=2, policy_number=123456789, insured_from=2020-09-01, insured_to=2020-10-12" => "CERTIFICATE_TERM insured_to, TERM_IGNORED insured_to"
        "policy_kind=2, policy_number=123456789, insured_from=2020-09-01, insured_to=2020-10-13" => "TERM_IGNORED insured_to"
        "policy_kind=2, policy_number=123456789, insured_from=2020-09-01, insured_to=2020-10-14" => "CERTIFICATE_TERM insured_to, TERM_IGNORED insured_to"
    }

    policies_to_the_end_of_the_year: Register {
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2025-02-01, insured_to=2026-01-01" => ""
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2025-02-01, insured_to=2026-01-02" => "TERM_TOO_LONG insured_to"
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2025-11-19, insured_to=2027-01-01" => "TERM_TOO_LONG insured_to"
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2025-11-20, insured_to=2027-01-01" => ""
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2025-11-20, insured_to=2027-01-02" => "TERM_TOO_LONG insured_to"
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2025-12-01, applied_on=2025-11-19, insured_to=2027-01-01" => "TERM_TOO_LONG insured_to"
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2026-01-01, applied_on=2025-11-19, insured_to=2027-01-01" => ""
        "policy_kind=3, enp=9854910844000016, category=3, insured_from=2026-01-01, applied_on=2025-12-31, insured_to=2027-01-01" => ""
        "category=3, insured_from=2020-02-01, insured_to=2023-01-02" => ""
        "policy_kind=3, enp=9854910844000016, category=2, insured_from=2025-02-01, insured_to=2026-01-02" => "TERM_IGNORED insured_to"
    }

    applications: Register {
        "applied_on=1980-05-05" => ""
        "applied_on=1980-05-04" => "APPLIED_BEFORE_BIRTH applied_on"
        "applied_on=2026-11-01" => ""
        "applied_on=2026-11-02" => "APPLIED_IN_FUTURE applied_on"
        "stopped_on=2024-03-01, applied_on=2024-02-29" => ""
        "stopped_on=2024-03-01, applied_on=2024-03-01" => "APPLIED_AFTER_END applied_on"
        "stopped_on=2020-01-01, applied_on=2024-03-01" => "DATES_REVERSED stopped_on"
        "category=3, insured_to=2020-06-01, applied_on=2020-05-31" => ""
        "category=3, insured_to=2020-06-01, applied_on=2020-06-01" => "APPLIED_AFTER_END applied_on"
        "category=2, insured_to=2020-06-01, applied_on=2020-06-01" => "TERM_IGNORED insured_to"
        "action=end, stopped_on=2024-03-01, applied_on=2027-01-01" => ""
        "birth_date=1899-12-31, applied_on=1899-12-30" => "BIRTH_DATE_RANGE birth_date"
    }

    late_notices: Register {
        "changed_on=2026-01-15, applied_on=2026-02-15" => ""
        "changed_on=2026-01-15, applied_on=2026-02-16" => "LATE_NOTICE changed_on"
        "changed_on=2026-01-31, applied_on=2026-02-28" => ""
        "changed_on=2026-01-31, applied_on=2026-03-01" => "LATE_NOTICE changed_on"
        "changed_on=2024-01-31, applied_on=2024-02-29" => ""
        "changed_on=2024-02-29, applied_on=2024-03-29" => ""
        "changed_on=2024-02-29, applied_on=2024-03-30" => "LATE_NOTICE changed_on"
        "changed_on=2025-12-31, applied_on=2026-01-31" => ""
        "changed_on=2025-12-31, applied_on=2026-02-01" => "LATE_NOTICE changed_on"
        "changed_on=2016-01-15" => ""
        "changed_on=15.01.2026" => "DATE_INVALID changed_on"
    }

    snils_of_the_eaeu: Register {
        "category=11, insured_to=2021-01-01" => "SNILS_REQUIRED_EAEU snils"
        "category=11, insured_to=2021-01-01, snils=12345678964" => ""
        "category=11, insured_to=2021-01-01, snils=12345678965" => "SNILS_INVALID snils, SNILS_REQUIRED_EAEU snils"
        "category=10, insured_to=2021-01-01" => ""
    }

    citizenships_and_categories: Register {
        "category=1, snils=12345678964, citizenship=RUS" => ""
        "category=1, snils=12345678964, citizenship= россия " => ""
        "category=1, snils=12345678964, citizenship=Pоссия" => ""
        "category=6, snils=12345678964, citizenship=643" => ""
        "category=6, snils=12345678964, citizenship=" => ""
        "category=1, snils=12345678964, citizenship=UZB" => "CATEGORY_CITIZENSHIP citizenship"
        "category=1, snils=12345678964, citizenship=Б/Г" => "CATEGORY_CITIZENSHIP citizenship"
        "category=2, citizenship=РФ" => "CATEGORY_CITIZENSHIP citizenship"
        "category=2, citizenship=UZB" => ""
        "category=4, citizenship=без гражданства" => ""
        "category=4, citizenship=UZB" => "CATEGORY_CITIZENSHIP citizenship"
        "category=5, insured_to=2021-01-01, citizenship=Б/Г" => ""
        "category=14, snils=12345678964, insured_to=2021-01-01, citizenship=RU" => "CATEGORY_CITIZENSHIP citizenship"
        "category=0, citizenship=RUS" => ""
        "category=, citizenship=RUS" => ""
        "category=2, citizenship=РФ, action=end, stopped_on=2026-01-01" => ""
    }

    insurers_of_other_regions: Register {
        "insurer=77001" => "INSURER_OTHER_REGION insurer"
        "insurer=34001" => ""
        "insurer=34004" => ""
        "insurer=77001, action=end, stopped_on=2026-01-01" => "INSURER_OTHER_REGION insurer"
    }

    clinics_of_other_regions_and_doctors: Attachments {
        "clinic=770001" => "CLINIC_OTHER_REGION clinic"
        "clinic=340001" => ""
        "clinic=340004" => ""
        "doctor_snils=123-456-789 64" => ""
        "doctor_snils=12345678965" => "DOCTOR_SNILS_INVALID doctor_snils"
        "doctor_snils=00000000000" => "DOCTOR_SNILS_INVALID doctor_snils"
        "doctor_snils=12345678965, action=change" => "DOCTOR_SNILS_INVALID doctor_snils"
        "doctor_snils=" => ""
    }
}
