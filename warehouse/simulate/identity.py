"""Names, birthdays, places and ID numbers of people who do not exist.

An ID number carries the right check digit (GB 11643, ISO 7064 MOD 11-2), its holder's birthday
and the parity of its holder's sex, and still can belong to nobody: its area begins with 9900.
Areas of GB/T 2260 begin with a province, 11 to 82, and no province begins with 9. The numbers of
the foreign permanent resident's card do begin with 9, but go on with the province of issue, and
there is no province 90. So the number is wrong for every register, and right for every check.
"""

from __future__ import annotations

import numpy as np

__all__ = [
    "check_digits",
    "draw_birthdays",
    "draw_ethnicities",
    "draw_names",
    "draw_places",
    "id_numbers",
]

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.array(list("10X98765432"))

_SURNAMES = np.array(
    list(
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
        "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    )
)
_MALE = np.array(list("伟强磊军洋勇杰涛明超刚平辉鹏华飞波斌宇浩凯健俊帆帅旭宁龙林阳建文志国晨"))
_FEMALE = np.array(list("芳娜敏静丽艳娟霞秀燕玲桂英华慧红梅莉倩雪琳晶洁婷颖佳萍欣蕾悦雨思梦晨怡"))
_SECOND = np.array(["", *"一子文家天新海春秋志思雨晓小明永光云玉建宏国立中正嘉泽瑞"])

#: GB/T 2260 codes and their share of the intake: the cities of Henan, then its neighbours.
_PLACES = {
    "410100": 16.0,
    "410200": 5.0,
    "410300": 7.0,
    "410400": 5.0,
    "410500": 5.0,
    "410700": 6.0,
    "410800": 4.0,
    "410900": 4.0,
    "411000": 5.0,
    "411200": 2.0,
    "411300": 9.0,
    "411400": 8.0,
    "411500": 8.0,
    "411600": 8.0,
    "411700": 7.0,
    "130100": 1.0,
    "140100": 1.0,
    "320100": 0.7,
    "340100": 1.2,
    "370100": 1.2,
    "420100": 1.0,
    "430100": 0.6,
    "440100": 0.5,
    "510100": 0.6,
    "610100": 0.9,
    "620100": 0.7,
    "650100": 0.6,
}
_ETHNICITIES = {"01": 955, "03": 24, "11": 6, "02": 5, "15": 3, "06": 2, "08": 2, "05": 2, "13": 1}


def _pick(rng: np.random.Generator, weights: dict[str, float], count: int) -> np.ndarray:
    share = np.array(list(weights.values()), dtype=float)
    return rng.choice(np.array(list(weights)), size=count, p=share / share.sum())


def draw_places(rng: np.random.Generator, count: int) -> np.ndarray:
    """Prefecture codes of GB/T 2260."""
    return _pick(rng, _PLACES, count)


def draw_ethnicities(rng: np.random.Generator, count: int) -> np.ndarray:
    """Codes of GB/T 3304."""
    return _pick(rng, _ETHNICITIES, count)


def draw_names(rng: np.random.Generator, male: np.ndarray) -> np.ndarray:
    """A frequent surname and one or two frequent characters; many share a name, as in life."""
    count = len(male)
    frequency = 1.0 / (np.arange(len(_SURNAMES)) + 2.0)
    surname = rng.choice(_SURNAMES, size=count, p=frequency / frequency.sum())
    given = np.where(male, rng.choice(_MALE, size=count), rng.choice(_FEMALE, size=count))
    middle = np.where(rng.random(count) < 0.3, "", rng.choice(_SECOND, size=count))
    return np.char.add(np.char.add(surname, middle), given)


def draw_birthdays(rng: np.random.Generator, first_year: np.ndarray) -> np.ndarray:
    """Days of the school year that began in September of `first_year`."""
    september = (first_year - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    opening = (september + np.timedelta64(8, "M")).astype("datetime64[D]")
    return opening + rng.integers(0, 365, len(first_year)).astype("timedelta64[D]")


def check_digits(bodies: np.ndarray) -> np.ndarray:
    """The eighteenth character of each 17-digit body."""
    digits = np.array([list(body) for body in bodies.tolist()], dtype=np.int64).reshape(-1, 17)
    return _CHECK[(digits @ _WEIGHTS) % 11]


def id_numbers(
    rng: np.random.Generator, birthday: np.ndarray, male: np.ndarray, *, block: int
) -> np.ndarray:
    """Unique 18-character numbers; `block` (0 students, 1 staff) keeps two calls apart."""
    count = len(birthday)
    day = birthday.astype("datetime64[D]").astype(np.int64)
    order = np.lexsort((male, day))
    same = np.zeros(count, dtype=bool)
    same[1:] = (day[order][1:] == day[order][:-1]) & (male[order][1:] == male[order][:-1])
    position = np.arange(count)
    first = np.maximum.accumulate(np.where(same, 0, position))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = position - first
    serial = (rank * 77 + 31) % 499 * 2 + np.where(male, 1, 2)
    area = 990001 + block * 50 + (rank // 499) % 10 + 10 * rng.integers(0, 4, count)
    stamp = np.char.replace(np.datetime_as_string(birthday.astype("datetime64[D]")), "-", "")
    bodies = np.array(
        [f"{a}{s}{n:03d}" for a, s, n in zip(area, stamp, serial, strict=True)], dtype="U17"
    )
    return np.char.add(bodies, check_digits(bodies))
