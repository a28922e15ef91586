"""A million made-up but plausible customers: few words are very frequent and most are rare, as in real books.

Everything follows from one seed, so that two runs load the same records and ask the same questions.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pypinyin import lazy_pinyin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CITIES = [
    "上海",
    "北京",
    "深圳",
    "广州",
    "杭州",
    "苏州",
    "成都",
    "武汉",
    "南京",
    "宁波",
    "天津",
    "重庆",
    "东莞",
    "佛山",
    "青岛",
    "无锡",
    "长沙",
    "厦门",
    "郑州",
    "西安",
    "合肥",
    "济南",
    "大连",
    "福州",
    "温州",
    "常州",
    "嘉兴",
    "绍兴",
    "金华",
    "台州",
    "泉州",
    "南通",
    "徐州",
    "烟台",
    "潍坊",
    "昆明",
    "南宁",
    "贵阳",
    "海口",
    "兰州",
]
_CHARACTERS = (
    "海天华金新中大东宏恒兴安瑞盛泰博创达德鼎丰富光广国浩和宏鸿辉汇佳嘉建健江杰锦晶精景久聚开康科力立丽联亮龙隆绿美明铭"
    "南能诺鹏普奇启千强勤青清庆泉荣锐润三森山尚胜圣世双顺思四松太特腾通同万旺威维伟文五祥翔欣信星雄旭轩雅亚阳洋耀业一亿易"
    "益银英永友宇玉裕元源远越云运泽展长兆振正志致智忠众卓蓝澜兰岚凌灵岭麟林霖乐雷磊理礼利莲朗"
)
_TRADES = [
    "科技",
    "贸易",
    "电子",
    "机械",
    "网络科技",
    "信息技术",
    "实业",
    "商贸",
    "建筑工程",
    "物流",
    "文化传媒",
    "生物科技",
    "医疗器械",
    "食品",
    "环保科技",
    "新能源",
    "化工",
    "装饰工程",
    "智能科技",
    "软件",
    "服饰",
    "家具",
    "汽车配件",
    "电器",
    "包装",
    "塑料制品",
    "教育科技",
    "供应链管理",
    "农业发展",
    "餐饮管理",
]
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "工作室")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕单解仇"
_PROVIDERS = ("qq.com", "163.com", "126.com", "gmail.com", "sina.com", "foxmail.com", "outlook.com", "139.com")
_PREFIXES = ("138", "139", "136", "137", "158", "159", "188", "186", "185", "133", "189", "177", "150", "199")


# Landlines; mail at the largest provider; mail at any provider, the rest have domains of their own.
_LANDLINES, _LARGEST, _PROVIDED = 0.15, 0.30, 0.65


def _skewed(count: int, power: float) -> Sequence[float]:
    return list(accumulate(1 / (place + 1) ** power for place in range(count)))


_CITY, _CHARACTER, _TRADE, _FORM, _SURNAME, _PREFIX = (
    _skewed(len(each), power)
    for each, power in (
        (_CITIES, 1.0), (_CHARACTERS, 0.7), (_TRADES, 1.0), (_FORMS, 2.0), (_SURNAMES, 0.8), (_PREFIXES, 0.5),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customer:
    """The searched values of one customer, as they are stored."""

    name: str
    short_name: str
    credit_code: str
    phone: str
    email: str


def customers(count: int, seed: int = 1) -> Iterator[Customer]:
    """So many customers with different names, mail addresses and codes."""
    rng = random.Random(seed)
    names: set[str] = set()
    for row in range(count):
        brand = _brand(rng)
        name = f"{_one(rng, _CITIES, _CITY)}{brand}{_one(rng, _TRADES, _TRADE)}{_one(rng, _FORMS, _FORM)}"
        # Names are unique in their normal form, which knows one word for both.
        plain = name.replace("有限责任公司", "有限公司")
        if plain in names:
            name = f"{name}{_one(rng, _CITIES, _CITY)}第{row}分公司"
        names.add(plain)
        yield Customer(name, brand, _code(rng, row), _phone(rng), _mail(rng, brand, row))


def _one(rng: random.Random, offered: Sequence[str], weights: Sequence[float]) -> str:
    return rng.choices(offered, cum_weights=weights)[0]


def _brand(rng: random.Random) -> str:
    return "".join(rng.choices(_CHARACTERS, cum_weights=_CHARACTER, k=rng.choice((2, 2, 2, 3, 4))))


def _phone(rng: random.Random) -> str:
    if rng.random() < _LANDLINES:
        return f"+8621{rng.randrange(10**8):08}"
    return f"+86{_one(rng, _PREFIXES, _PREFIX)}{rng.randrange(10**8):08}"


def _code(rng: random.Random, row: int) -> str:
    return f"91{rng.choice(('310', '440', '330', '110', '320'))}{rng.randrange(1000):03}MA{row:07}{rng.choice('0123456789X')}"


def _mail(rng: random.Random, brand: str, row: int) -> str:
    sounds = lazy_pinyin(brand)
    roll = rng.random()
    if roll < _LARGEST:
        return f"{rng.randrange(10**5, 10**10)}{row % 97}@qq.com"
    person = "".join(lazy_pinyin(_one(rng, list(_SURNAMES), _SURNAME) + _one(rng, list(_CHARACTERS), _CHARACTER)))
    if roll < _PROVIDED:
        return f"{person}{row}@{_one(rng, _PROVIDERS[1:], _skewed(len(_PROVIDERS) - 1, 1.0))}"
    return f"{rng.choice(('info', 'sales', person, person))}{row % 1000}@{''.join(sounds)}{rng.choice(('.com', '.cn', '.com.cn'))}"
