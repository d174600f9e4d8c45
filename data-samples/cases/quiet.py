"""The quiet people of the region: one row in a register, one of attachment, nothing to find."""

import random

MEN = ("Александр Алексей Андрей Антон Борис Вадим Василий Виктор Владимир Геннадий Георгий Григорий Денис Евгений Иван Игорь Кирилл "
       "Константин Максим Михаил Николай Павел Роман Сергей Степан").split()
WOMEN = ("Александра Алёна Анастасия Валентина Вера Вероника Галина Евгения Екатерина Елизавета Зинаида Ирина Ксения Людмила Любовь "
         "Маргарита Мария Надежда Оксана Полина Светлана София Тамара Татьяна Юлия").split()
FATHERS = ("Андреев Борисов Викторов Денисов Иванов Максимов Николаев Павлов Романов Степанов").split()
ROOTS = ("Абрикосов Берегов Брусникин Ветров Вишняков Грушин Далеков Ежевикин Жасминов Журавушкин Зарянкин Земляникин Иволгин Клюквин "
         "Колокольцев Кукушкин Лесников Малинин Морошкин Незабудкин Облаков Орешкин Перепёлкин Полянин Ромашкин Росинкин Скворушкин "
         "Сливин Снежников Тропинин Туманов Фиалкин Цветиков Черешнин Шиповников Яблочкин").split()
COUNT = 130


def add(r):
    """Everything is drawn from one seed, so that the region is the same each time."""
    r.current = None
    draw = random.Random(20261101)
    pick = lambda options: options[int(draw.random() * len(options))]
    day = lambda first, last: f"{first + int(draw.random() * (last - first + 1))}-{1 + int(draw.random() * 12):02}-{1 + int(draw.random() * 28):02}"
    for number in range(1, COUNT + 1):
        sex = 1 + int(draw.random() * 2)
        root = ROOTS[number % len(ROOTS)]
        name = f"{root} {pick(MEN)} {pick(FATHERS)}ич" if sex == 1 else f"{root}а {pick(WOMEN)} {pick(FATHERS)}на"
        group = draw.random()
        born = day(2010, 2025) if group < 0.22 else day(1962, 2007) if group < 0.8 else day(1935, 1960)
        child = born > "2009"
        known = {"snils": ""} if child and draw.random() < 0.3 else {}
        person = r.person(name, sex, born, **known)
        insurer = pick(("98001", "98001", "98001", "98002", "98002", "98005", "98001" if born > "2024" else "98003"))
        earliest = max(int(born[:4]) + 1, 2012)
        since = day(2026, 2026) if insurer == "98005" else day(min(earliest, 2024), 2024) if insurer == "98003" else day(earliest, max(earliest, 2025))
        since = min(since, "2026-10-01")
        if since <= born:
            since = born
        person.insured(insurer, since, record_id=f"B{number:03}R", applied_on=since, reason=pick(("П010", "П060", "П062", "")), birth_place="г. Заречный")
        clinic = pick(("980102", "980102", "980107")) if child else pick(("980101", "980101", "980103", "980107", "980106"))
        start = max(since, f"{int(born[:4]) + 18}{born[4:]}") if not child else since
        if clinic == "980106" and start >= "2026-01-01":
            clinic = "980107"
        if start <= "2026-11-01":
            person.attached(clinic, start, record_id=f"B{number:03}A", method=pick("112"), district=f"{1 + int(draw.random() * 12):02}")
