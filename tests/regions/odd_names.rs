//! Names on either side of the limits of the checks of names.

use super::rows::Values;
use super::splitmix::SplitMix;

/// Changes one of the three names to an odd one, or to one that is just right.
pub fn spoil(random: &mut SplitMix, row: &mut Values) {
    let field = *random.pick(&["surname", "given_name", "patronymic"]);
    let name = row.get(field).cloned().unwrap_or_default();
    let sign = *random.pick(&["-", "'", "’", ".", " ", "–", "\u{A0}", "`", "0", ",", "/", "\u{306}", "(", ")", "Ⅳ", "№"]);
    let other = *random.pick(&["-", "'", ".", " ", "", "", ")"]);
    let odd = match random.below(9) {
        0 => format!("{sign}{other}{name}"),
        1 => format!("{name}{other}{sign}"),
        2 | 3 => format!("{name}{sign}{other}{name}"),
        4 => format!("{name}{}", random.pick(&["a", "z", "É", "ʼ", "ж", "Ꭰ", "ʻ"])),
        5 => random
            .pick(&["Ив.", "Ива.", "И.", "А.-М.", "И.О.", "-", "--", "---", "НЕТ", "нет.", "(Ия)", "()", "Ия (Ия)", "((Ия))"])
            .to_string(),
        6 => random
            .pick(&["Саша", "Иван", "Анна Мария", "Анна-Иван", "Хосе-Мария", "Любомир", "Мир", "Брячислава", "Айгуль", "Ая-Гуль"])
            .to_string(),
        7 => random
            .pick(&[
                "Али оглы",
                "Али-кызы",
                "Алиоглы",
                "Оглы",
                "Ильинична",
                "Лукич",
                "Саввишна",
                "Кришна",
                "КЫЗЫ",
                "О.кызы",
                "ИЛЬИЧHA",
            ])
            .to_string(),
        _ => return swap(row),
    };
    row.insert(field, odd);
}

/// Exchanges given name and patronymic.
fn swap(row: &mut Values) {
    let get = |field: &str| row.get(field).cloned().unwrap_or_default();
    let (given_name, patronymic) = (get("given_name"), get("patronymic"));
    row.insert("given_name", patronymic);
    row.insert("patronymic", given_name);
}
