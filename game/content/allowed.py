"""What may hold a numeral in a card's text without being a quantity: the one allow-list."""

from __future__ import annotations

from typing import Final

_ZH: Final = """
万一 万事 万全 万家 万岁 万物 万能 万里 三思 三方 三甲 三线 三维 三角 三顾 两会 两全 两句 两可 两地 两头
两手 两样 两清 两端 两说 两边 两难 二五 二手 二期 二次 二线 二维 二话 五官 五金 亿万 从零 八卦 八字 八方
八股 再三 十分 十字 十足 千里 四处 四季 四方 四面 归零 清零 百业 百姓 百忙 百模 百炼 百科 百货 零件 零和
零售 零头 零散 零星 零碎 零钱 一二线 万金油 三两句 三件套 三把火 三板斧 三班倒 三缺一 两回事 两本账 两条腿
两条路 两班倒 两码事 二把手 二选一 八成是 千万不 千万别 千万要 百分百 老三样 过五关 一举两得 一五一十
一刀两断 一分为二 一干二净 一式两份 一心二用 一日千里 一清二楚 一石二鸟 一穷二白 一落千丈 七上八下 七嘴八舌
七零八落 万无一失 三令五申 三天两头 三心二意 三更半夜 三番两次 三番五次 三言两语 不三不四 丢三落四 两败俱伤
举一反三 九九归一 九牛一毛 乱七八糟 事不过三 五湖四海 五花八门 五险一金 以一当十 以防万一 六神无主 十万火急
十之八九 十全十美 十拿九稳 十有八九 千人千面 千军万马 千头万绪 千家万户 千方百计 千篇一律 千行百业 千辛万苦
千钧一发 半夜三更 半斤八两 四平八稳 四舍五入 四面八方 成千上万 挂一漏万 接二连三 朝三暮四 独一无二 百倍小心
百密一疏 百尺竿头 百年老店 百废待兴 百模大战 百花齐放 说一不二 一问三不知 三分钟热度 三百六十行 十年磨一剑
百闻不如一见 不管三七二十一
"""

ALLOWED_ZH: Final = tuple(sorted(_ZH.split(), key=len, reverse=True))
"""Chinese idioms and set words, longest first. A lone 一, ordinals (第...) and days of the week are allowed as well."""

ALLOWED_EN: Final = (
    "in two minds", "the two of", "between two stools", "two-sided", "two-way", "two-faced", "one or two",
)
"""English phrases in which a number word is no quantity. ``one`` is always allowed."""

ALLOWED_TERMS: Final = ("B2B", "B2C", "3D", "5G")
"""Names with a digit, in both languages."""
